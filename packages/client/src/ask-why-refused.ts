import { ChatError } from './chat-error.ts'
import { describeSilence } from './describe-silence.ts'
import { pause } from './pause.ts'
import { readHttpError } from './read-http-error.ts'

interface AskDeps {
  /** The headers with the socket's proof; empty where the browser's cookie is the proof. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether this request proves the same as the socket did; a ticket is good for a socket only. */
  readonly isSameProof: boolean
  readonly url: string
  readonly fetch: typeof fetch
  /** Longest time that it may take, in milliseconds. */
  readonly openMs: number
  readonly signal: AbortSignal
}

/** Answers with a reason; others, also from servers without this path, only show that the server is there. */
const reasons: ReadonlySet<number> = new Set([401, 403, 503])

/**
 * Why a socket did not open: neither browsers nor Node show the answer to an upgrade that was refused, so a
 * plain request with the same proof asks the server. Undefined where the answer gives no reason.
 */
export async function askWhyRefused(deps: AskDeps): Promise<ChatError | undefined> {
  const reason = await Promise.race([ask(deps), pause(deps.openMs, deps.signal)])
  return reason instanceof ChatError ? reason : undefined
}

async function ask({ headers, isSameProof, url, fetch, signal }: AskDeps): Promise<ChatError | undefined> {
  try {
    const response = await fetch(`${url}/auth/me`, { headers, credentials: 'include', signal })
    const isReason = reasons.has(response.status) && (isSameProof || response.status !== 401)
    if (isReason) return await readHttpError(response)
    await response.body?.cancel()
    return response.ok ? makeUnopenedError(url) : undefined
  } catch (cause) {
    return describeSilence({ url, fetch, signal, cause })
  }
}

const makeUnopenedError = (url: string): ChatError =>
  new ChatError(
    'connection_failed',
    `${url} answers, but opens no WebSocket at /ws/chat; what stands before it may not pass WebSockets on.`,
  )
