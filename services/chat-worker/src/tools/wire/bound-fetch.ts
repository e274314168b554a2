import type { FetchLike, JSONRPCMessage } from '@modelcontextprotocol/client'
import { z } from 'zod'
import { EventReader } from './event-reader.ts'
import { Inbox, makeUnreadable } from './inbox.ts'

interface BoundDeps {
  /** Characters of one message at most. */
  maxLength: number
  /** Hands a message to the client. */
  deliver: (message: JSONRPCMessage) => void
  /** Longest exchange for one request. */
  timeoutMs: number
}

/** Bytes of an answer that is no message, such as an error page. */
const pageBytes = 65_536

type RequestId = string | number

/**
 * A fetch that reads the data of a server before the client does, and passes it on as messages. The client gets only
 * the rest that it needs: whether a stream can be resumed, and whether its request was answered.
 */
export function boundFetch(fetch: FetchLike, deps: BoundDeps): FetchLike {
  return async (url, init = {}) => {
    const asked = readId(init.body)
    const response = await fetch(url, typeof asked === 'number' ? limitTime(init, deps.timeoutMs) : init)
    const [type = ''] = (response.headers.get('content-type') ?? '').toLowerCase().split(';')
    if (!response.ok || !response.body) return capPage(response)
    if (type.trim() === 'text/event-stream') return readStream(response, response.body, asked, deps)
    if (type.trim() === 'application/json' && asked !== undefined) return readAnswer(response, asked, deps)
    return capPage(response)
  }
}

const askedSchema = z.object({ id: z.union([z.string(), z.number()]) })

function readId(body: RequestInit['body']): RequestId | undefined {
  return typeof body === 'string' ? askedSchema.safeParse(JSON.parse(body)).data?.id : undefined
}

/** The client gives requests up without letting go of their connections; subscriptions, whose ids are texts, may last. */
function limitTime(init: RequestInit, timeoutMs: number): RequestInit {
  const late = AbortSignal.timeout(timeoutMs)
  return { ...init, signal: init.signal ? AbortSignal.any([init.signal, late]) : late }
}

async function readAnswer(response: Response, asked: RequestId, { maxLength, deliver }: BoundDeps) {
  const inbox = new Inbox({ maxLength })
  try {
    const meter = inbox.openMeter()
    const pieces: string[] = []
    for await (const piece of decode(response)) {
      meter.add(piece)
      pieces.push(piece)
    }
    const messages = inbox.read(pieces.join(''))
    if (!messages.some(isAnswerTo(asked))) throw new SyntaxError('no answer')
    for (const message of messages) deliver(message)
  } catch (error) {
    const unreadable = makeUnreadable(asked, error)
    if (!unreadable) throw error
    deliver(unreadable)
  }
  return new Response(JSON.stringify([]), response)
}

function readStream(
  response: Response,
  body: ReadableStream<Uint8Array>,
  asked: RequestId | undefined,
  { maxLength, deliver }: BoundDeps,
): Response {
  const inbox = new Inbox({ maxLength })
  const reader = new EventReader(inbox)
  const read = (piece: string, write: (text: string) => void) => {
    for (const { id, data } of reader.add(piece)) {
      inbox.count()
      if (id !== undefined) write(`id: ${id}\n`)
      const messages = data === '' ? [] : inbox.read(data)
      for (const message of messages) deliver(message)
      write(messages.some(isAnswer) ? answered : '\n')
    }
  }
  const stream = new TransformStream<string, string>({
    transform(piece, controller) {
      try {
        read(piece, (text) => controller.enqueue(text))
      } catch (error) {
        const unreadable = asked === undefined ? undefined : makeUnreadable(asked, error)
        if (!unreadable) throw error
        deliver(unreadable)
        controller.enqueue(answered)
        controller.terminate()
      }
    },
  })
  const text = body.pipeThrough(new TextDecoderStream())
  return new Response(text.pipeThrough(stream).pipeThrough(new TextEncoderStream()), response)
}

/** Says that the request of a stream was answered; the client has had the answer and drops this one. */
const answered = `data: ${JSON.stringify({ jsonrpc: '2.0', id: 'answered', result: {} })}\n\n`

const isAnswer = (message: JSONRPCMessage): boolean => !('method' in message)

const isAnswerTo =
  (asked: RequestId) =>
  (message: JSONRPCMessage): boolean =>
    isAnswer(message) && 'id' in message && String(message.id) === String(asked)

async function* decode({ body }: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  for await (const chunk of body ?? []) yield decoder.decode(chunk, { stream: true })
  yield decoder.decode()
}

/** The beginning of an answer that is no message. */
function capPage(response: Response): Response {
  let given = 0
  const cut = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      given += chunk.byteLength
      if (given <= pageBytes) controller.enqueue(chunk)
      else controller.terminate()
    },
  })
  return response.body ? new Response(response.body.pipeThrough(cut), response) : response
}
