import { type ChatError, makeCancelled } from './chat-error.ts'
import type { Reply } from './reply-event.ts'

/** The error of a message that is not sent at all. */
export const checkSignal = (signal: AbortSignal | undefined): ChatError | undefined =>
  signal?.aborted ? makeCancelled(signal) : undefined

/** Cancels a reply when the signal aborts; removes its listener when the reply has ended. */
export function cancelOnAbort(reply: Reply, signal: AbortSignal | undefined): void {
  if (!signal) return
  const cancel = () => reply.cancel()
  const letGo = () => signal.removeEventListener('abort', cancel)
  signal.addEventListener('abort', cancel)
  reply.result().then(letGo, letGo)
  if (signal.aborted) cancel()
}
