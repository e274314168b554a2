import { cancelOnAbort, checkSignal } from './cancel-on-abort.ts'
import { checkText } from './check-text.ts'
import { makeId } from './make-id.ts'
import { StreamedTurn } from './streamed-turn.ts'
import type { Proof } from './proof.ts'
import type { Reply } from './reply-event.ts'
import { defaultRetryPolicy, type RetryPolicy } from './retry-policy.ts'

export interface AskOptions extends Pick<Proof, 'token'> {
  /** Of the deployment: `https://chat.example.org`, or with a path of its own, `https://example.org/omni2`. */
  readonly url: string
  /** The `Idempotency-Key`; made when not given. Asked again with the same one it is the same turn. */
  readonly clientMsgId?: string | undefined
  /** Cancels the turn when it aborts. */
  readonly signal?: AbortSignal | undefined
  readonly retry?: Partial<RetryPolicy>
  /** Longest silence of the stream in milliseconds, three of its keep-alive comments when not given. */
  readonly quietMs?: number
  readonly fetch?: typeof fetch
  /** From 0 to 1; spreads what is tried again. */
  readonly random?: () => number
}

/** Asks one question without a conversation, over `POST /ask/stream`; a broken stream is resumed. */
export function ask(text: string, options: AskOptions): Reply {
  const { clientMsgId = makeId(), signal, retry, ...rest } = options
  const turn = new StreamedTurn(text, clientMsgId, {
    fetch: globalThis.fetch.bind(globalThis),
    quietMs: 45_000,
    random: Math.random,
    ...rest,
    retry: { ...defaultRetryPolicy, ...retry },
  })
  const problem = checkText(text, JSON.stringify({ message: text })) ?? checkSignal(signal)
  if (problem) turn.reply.fail(problem)
  else void turn.run()
  cancelOnAbort(turn.reply, signal)
  return turn.reply
}
