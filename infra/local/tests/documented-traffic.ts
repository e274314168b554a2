import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { turnErrorEvent } from '@omni2/contracts'
import { DocumentedFrames } from './documented-frames.ts'
import { DocumentedHttp, type HttpAnswer } from './documented-http.ts'
import { openConversation, type Conversation, type Frame } from './open-conversation.ts'

interface Request {
  /** Sent as JSON. */
  readonly body?: unknown
  /** Sent as it is, in place of `body`; its type is in the headers. */
  readonly raw?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly token?: string
}

export interface ReadAnswer extends HttpAnswer {
  /** Of JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into every shape of answer
  readonly json: any
  /** Of server-sent events. */
  readonly events: readonly Frame[]
}

/** Traffic with a stack through its gateway, every part of it held to the documents. */
export class DocumentedTraffic {
  readonly chat = new DocumentedHttp('openapi.json')
  readonly admin = new DocumentedHttp('admin-openapi.json')
  readonly frames = new DocumentedFrames('asyncapi.json')
  readonly #url: string
  readonly #faults: string[] = []

  constructor(url: string) {
    this.#url = url
  }

  /** Faults since they were last taken. */
  takeFaults(): string[] {
    return this.#faults.splice(0)
  }

  async send(method: string, path: string, options: Request = {}): Promise<ReadAnswer> {
    const response = await exchange(this.#url + path, method, options)
    const answer = await readAnswer(response)
    this.hold({ method, path, body: options.body }, answer)
    for (const event of answer.events) this.#faults.push(...this.frames.listFaults(event))
    return answer
  }

  /** Reads a response without end up to its first bytes, then leaves. */
  async open(
    path: string,
    options: Request,
    onOpen: (response: IncomingMessage) => Promise<void>,
  ): Promise<void> {
    const response = await exchange(this.#url + path, 'GET', options)
    const { status, headers } = readHead(response)
    this.hold({ method: 'GET', path }, { status, headers, text: '' })
    await onOpen(response)
    response.destroy()
  }

  async connect(token: string, query = ''): Promise<Conversation> {
    const conversation = await openConversation({ url: this.#url }, token, query, {
      received: (frame) => this.#faults.push(...this.frames.listFaults(frame)),
      sent: (frame) => {
        if (!this.frames.allows(frame)) this.#faults.push(`not to be sent: ${JSON.stringify(frame)}`)
      },
    })
    void this.#holdClose(conversation)
    return conversation
  }

  /** What the client closes itself has no code of the server's. */
  async #holdClose({ closed }: Conversation): Promise<void> {
    const { code } = await closed
    if (code !== 1005) this.#faults.push(...this.frames.listCloseFaults(code))
  }

  /** Holds an answer to the document of its path. */
  hold(sent: { method: string; path: string; body?: unknown }, answer: HttpAnswer): void {
    const document = sent.path.startsWith('/api/admin/') ? this.admin : this.chat
    this.#faults.push(...document.listFaults(sent, answer))
  }
}

/** As a plain client that may send any header, as fetch may not. */
async function exchange(
  url: string,
  method: string,
  { body, raw, headers = {}, token }: Request,
): Promise<IncomingMessage> {
  const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const sending = request(url, {
    method,
    headers: {
      ...(content === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(content)) }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
  })
  const answered = once(sending, 'response')
  sending.end(content)
  const [response] = (await answered) as [IncomingMessage]
  // What is refused before it was read may be cut off while it is still being sent.
  sending.on('error', () => {})
  return response
}

async function readAnswer(response: IncomingMessage): Promise<ReadAnswer> {
  const { status, headers } = readHead(response)
  const said = await text(response)
  const mediaType = headers.get('content-type') ?? ''
  return {
    status,
    headers,
    text: said,
    json: mediaType.includes('json') ? JSON.parse(said) : undefined,
    events: mediaType.startsWith('text/event-stream') ? readEvents(said) : [],
  }
}

function readHead({ statusCode = 0, headersDistinct }: IncomingMessage) {
  const headers = Object.entries(headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  )
  return { status: statusCode, headers: new Headers(headers) }
}

/** The data of each event; its name must be its type. */
function readEvents(said: string): Frame[] {
  return said.split('\n\n').flatMap((block) => {
    const [, name] = /^event: (.*)$/m.exec(block) ?? []
    const [, data] = /^data: (.*)$/m.exec(block) ?? []
    if (data === undefined) return []
    const frame = JSON.parse(data) as Frame
    // The second name of an error, for an EventSource.
    if (name === turnErrorEvent && frame.type === 'error') return []
    return frame.type === name ? [frame] : [{ ...frame, type: `${frame.type} named ${name}` }]
  })
}
