import { ChatError } from './chat-error.ts'
import type { SocketEnd } from './serve-socket.ts'

/** Close codes after which connecting again cannot help: the `reconnect: no` of the protocol. */
export const finalCloseCodes: readonly number[] = [1000, 1008, 4403]

interface History {
  /** Ends in a row without a `welcome`, this one included. */
  readonly failures: number
  /** Proofs that were refused without a `welcome` in between, this one included. */
  readonly refusals: number
  /** Whether there was ever a `welcome`. */
  readonly wasConnected: boolean
  /** Whether another proof is available. */
  readonly isRenewable: boolean
  /** Tries in a row before giving up. */
  readonly tries: number
}

/** Why an ended connection is not tried again; undefined when it is. */
export function judgeEnd(end: SocketEnd, history: History): ChatError | undefined {
  const { code, reason, hasOpened, complaint } = end
  if (finalCloseCodes.includes(code)) return complaint ?? describeRefusal(code, reason)
  const isRefusedAgain = history.refusals > 1 || !history.isRenewable
  if (code === 4401 && !end.wasWelcomed && isRefusedAgain)
    return complaint ?? new ChatError('login_expired', 'The login is not valid any more.')
  if (code === 4401 && !history.isRenewable)
    return new ChatError('login_expired', 'The login has expired and cannot be renewed.')
  if (!history.wasConnected && !hasOpened && code !== 4401)
    return (
      complaint ??
      new ChatError('connection_failed', 'The server cannot be reached, or does not let this user in.')
    )
  if (history.failures >= history.tries)
    return new ChatError('connection_lost', 'The connection is lost.', { cause: complaint })
  return undefined
}

function describeRefusal(code: number, reason: string): ChatError {
  if (code === 4403) return new ChatError('not_found', 'There is no such conversation of yours.')
  return new ChatError('refused', reason === '' ? 'The server closed the connection.' : reason)
}
