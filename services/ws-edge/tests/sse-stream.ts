import { once } from 'node:events'
import { request, type Agent, type ClientRequest, type IncomingMessage } from 'node:http'
import { httpErrorSchema, serverFrameSchema, turnErrorEvent, type ServerFrame } from '@omni2/contracts'
import { PlainViewer } from '@omni2/testkit'
import type { AssertionOptions } from './auth-double.ts'
import type { TestEdge } from './start-edge.ts'

/** Any edge of a deployment. */
export type AskedEdge = Pick<TestEdge, 'url' | 'auth'>

export interface AskOptions {
  method?: string
  path?: string
  body?: string | Uint8Array
  headers?: Record<string, string | string[]>
  assertion?: AssertionOptions
  agent?: Agent
}

/** One event as it was sent: its fields, and its data as bytes. */
export interface SentEvent {
  event: string
  id: string | undefined
  data: string
}

/** Sends a request as a gateway would after asking `auth`; resolves with the head of its response. */
export async function ask(edge: AskedEdge, options: AskOptions = {}): Promise<SseStream> {
  const { method = 'POST', path = '/ask/stream', body, agent } = options
  const assertion = await edge.auth.sign({ method, path: path.replace(/\?.*$/s, ''), ...options.assertion })
  const { port } = new URL(edge.url)
  const headers = { 'x-omni2-identity': assertion, ...options.headers }
  const asking = request({ host: '127.0.0.1', port, method, path, headers, agent: agent ?? false })
  asking.end(body)
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  return new SseStream(asking, response)
}

/** Asks a question as a user; see `ask`. */
export const say = (
  edge: AskedEdge,
  message: string,
  { userId = 1, key, ...options }: AskOptions & { userId?: number; key?: string } = {},
): Promise<SseStream> =>
  ask(edge, {
    body: JSON.stringify({ message }),
    assertion: { userId },
    ...options,
    headers: { ...(key === undefined ? {} : { 'idempotency-key': key }), ...options.headers },
  })

/** Goes on with a turn's events. */
export async function resume(
  edge: AskedEdge,
  turnId: string,
  { userId = 1, lastEventId }: { userId?: number; lastEventId?: string } = {},
): Promise<SseStream> {
  const stream = await ask(edge, {
    method: 'GET',
    path: `/ask/stream/${turnId}`,
    assertion: { userId },
    headers: lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
  })
  if (lastEventId !== undefined) stream.viewer.leaveOut(turnId)
  return stream
}

/**
 * A response, read as an EventSource would: every block that ends with an empty line. Together its events must show a
 * plain viewer the whole answer. An `error` must have come under its second name before.
 */
export class SseStream implements Disposable {
  readonly response: IncomingMessage
  readonly viewer = new PlainViewer()
  readonly #request: ClientRequest
  readonly #chunks: AsyncIterator<Buffer>
  #buffered = Buffer.alloc(0)
  #hasEnded = false
  #turnError: string | undefined
  /** Blocks that were no events: comments and retry. */
  readonly others: string[] = []

  constructor(asking: ClientRequest, response: IncomingMessage) {
    this.#request = asking
    this.response = response
    this.#chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
    asking.on('error', () => {})
    response.on('error', () => {})
  }

  get status(): number {
    return this.response.statusCode ?? 0
  }

  header(name: string): string | undefined {
    const value = this.response.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  get turnId(): string {
    return this.header('x-session-id') ?? ''
  }

  /** The next event; undefined at the end of the response. The test's own timeout bounds the wait. */
  async nextEvent(): Promise<SentEvent | undefined> {
    for (;;) {
      const block = await this.nextBlock()
      if (block === undefined) return undefined
      const event = parseBlock(block)
      if (event?.event === turnErrorEvent) {
        this.#turnError = event.data
        continue
      }
      if (event?.event === 'error' && event.data !== this.#turnError)
        throw new Error(`no ${turnErrorEvent} before ${JSON.stringify(event)}`)
      if (event) {
        this.viewer.take(JSON.parse(event.data))
        return event
      }
      this.others.push(block)
    }
  }

  /** The next event, which must have this name, as its frame. */
  async next(name: string): Promise<ServerFrame> {
    const event = await this.nextEvent()
    if (event?.event !== name) throw new Error(`expected ${name}, got ${JSON.stringify(event)}`)
    return serverFrameSchema.parse(JSON.parse(event.data))
  }

  /** All events up to and including the next of this name. */
  async until(name: string): Promise<SentEvent[]> {
    const events: SentEvent[] = []
    for (;;) {
      const event = await this.nextEvent()
      if (!event) throw new Error(`ended before ${name}: ${JSON.stringify(events)}`)
      events.push(event)
      if (event.event === name) return events
    }
  }

  /** All events to the end of the response. */
  async rest(): Promise<SentEvent[]> {
    const events: SentEvent[] = []
    for (let event = await this.nextEvent(); event; event = await this.nextEvent()) events.push(event)
    return events
  }

  /** The body of a refusal. */
  async refusal() {
    return httpErrorSchema.parse(JSON.parse(await this.text()))
  }

  async text(): Promise<string> {
    while (await this.#readMore());
    const text = this.#buffered.toString()
    this.#buffered = Buffer.alloc(0)
    return text
  }

  /** Leaves without reading on. */
  leave(): void {
    this.#request.destroy()
  }

  [Symbol.dispose](): void {
    this.leave()
  }

  /** The next block of lines, without its empty line. */
  async nextBlock(): Promise<string | undefined> {
    for (;;) {
      const end = this.#buffered.indexOf('\n\n')
      if (end >= 0) {
        const block = this.#buffered.subarray(0, end).toString()
        this.#buffered = this.#buffered.subarray(end + 2)
        return block
      }
      if (!(await this.#readMore())) return undefined
    }
  }

  async #readMore(): Promise<boolean> {
    if (this.#hasEnded) return false
    const { value, done } = await this.#chunks.next()
    if (done) this.#hasEnded = true
    else this.#buffered = Buffer.concat([this.#buffered, value])
    return !done
  }
}

function parseBlock(block: string): SentEvent | undefined {
  const fields = new Map(block.split('\n').map((line) => splitField(line)))
  const [event, data] = [fields.get('event'), fields.get('data')]
  return event === undefined || data === undefined ? undefined : { event, data, id: fields.get('id') }
}

function splitField(line: string): readonly [string, string] {
  const colon = line.indexOf(': ')
  return [line.slice(0, colon), line.slice(colon + 2)]
}
