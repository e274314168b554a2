import type { ClientFrame } from './client-frames.ts'
import type { ServerFrameOf } from './server-frames.ts'
import { askWhyRefused } from './ask-why-refused.ts'
import { ChatError } from './chat-error.ts'
import { judgeEnd } from './judge-end.ts'
import type { KeepAlivePolicy } from './keep-alive.ts'
import { pause } from './pause.ts'
import { buyTicket, isRenewable, type Proof, proveRequest } from './proof.ts'
import { chooseDelayMs, type RetryPolicy } from './retry-policy.ts'
import { serveSocket, type SocketEnd, type SocketHandlers } from './serve-socket.ts'
import type { SocketConstructor } from './socket-like.ts'
import { waitUnlessAborted } from './wait-unless-aborted.ts'

export interface ConnectionSettings extends Proof {
  /** As `parseDeploymentUrl` gives it. */
  readonly url: string
  readonly retry: RetryPolicy
  readonly keepAlive: KeepAlivePolicy
  readonly openMs: number
  readonly WebSocket: SocketConstructor
  /** Whether sockets can be given headers: not in a browser. */
  readonly hasSocketHeaders: boolean
  readonly fetch: typeof fetch
  readonly random: () => number
}

interface ConnectionDeps extends SocketHandlers {
  /** The conversation that the next socket is to reopen. */
  readonly chooseConversation: () => string | undefined
  /** A socket ended, and another is tried in `retryInMs`. */
  readonly onDown: (end: SocketEnd, retryInMs: number) => void
  /** No other is tried. */
  readonly onLost: (error: ChatError) => void
  /** Ends everything when it aborts. */
  readonly signal: AbortSignal
}

interface SocketProof {
  readonly address: string
  readonly headers: Record<string, string>
  readonly options?: { readonly headers: Record<string, string> }
}

/** Opens one socket after another, until the chat is closed or no socket can be opened. */
export class Connection {
  readonly #settings: ConnectionSettings
  readonly #deps: ConnectionDeps
  #failures = 0
  /** Proofs that were refused since the last `welcome`. */
  #refusals = 0
  #wasConnected = false
  /** The last proof was refused, or may have been: the status of an upgrade is not visible. */
  #mustRenew = false

  constructor(settings: ConnectionSettings, deps: ConnectionDeps) {
    this.#settings = settings
    this.#deps = deps
  }

  /** Resolves after the last try; never rejects. */
  async run(): Promise<void> {
    const { signal, onLost, onDown } = this.#deps
    for (;;) {
      const end = await this.#serveOne()
      if (signal.aborted) return
      const error = this.#judge(end)
      if (error) return onLost(error)
      const retryInMs = this.#chooseRetryMs(end)
      onDown(end, retryInMs)
      await pause(retryInMs, signal)
      if (signal.aborted) return
    }
  }

  async #serveOne(): Promise<SocketEnd> {
    const { WebSocket, openMs, keepAlive } = this.#settings
    const { signal, onFrame } = this.#deps
    try {
      // A provider of proofs may take any time, and its proof may come too late.
      const { address, headers, options } = await waitUnlessAborted(this.#prove(), signal)
      const socket = options ? new WebSocket(address, options) : new WebSocket(address)
      const onWelcome = (frame: ServerFrameOf<'welcome'>, send: (frame: ClientFrame) => void) => {
        this.#failures = 0
        this.#wasConnected = true
        this.#mustRenew = false
        this.#deps.onWelcome(frame, send)
      }
      const end = await serveSocket(socket, { openMs, keepAlive, signal, onFrame, onWelcome })
      return end.hasOpened || signal.aborted ? end : await this.#explain(end, headers)
    } catch (error) {
      return describeFailedProof(error)
    }
  }

  /** Asks why a socket did not open: the first of all, the second in a row, and one with a new proof. */
  async #explain(end: SocketEnd, headers: Record<string, string>): Promise<SocketEnd> {
    if (this.#wasConnected && this.#failures !== 1 && !this.#mustRenew) return end
    const isSameProof = this.#settings.ticket === undefined
    const { signal } = this.#deps
    const complaint = await askWhyRefused({ ...this.#settings, headers, isSameProof, signal })
    return complaint ? describeFailedProof(complaint) : end
  }

  /** Where to connect and with which proof; `options` where the socket takes the proof itself. */
  async #prove(): Promise<SocketProof> {
    const { url, ticket, hasSocketHeaders } = this.#settings
    const query = new URLSearchParams()
    const conversationId = this.#deps.chooseConversation()
    if (conversationId !== undefined) query.set('conversation_id', conversationId)
    const headers = ticket ? {} : await proveRequest(this.#settings, { renew: this.#mustRenew })
    const hasProof = Object.keys(headers).length > 0
    if (ticket) query.set('ticket', await ticket())
    else if (hasProof && !hasSocketHeaders)
      query.set('ticket', await buyTicket(headers, { ...this.#settings, signal: this.#deps.signal }))
    const address = `${url.replace(/^http/, 'ws')}/ws/chat${query.size > 0 ? `?${query.toString()}` : ''}`
    return { address, headers, ...(hasProof && hasSocketHeaders && { options: { headers } }) }
  }

  #judge(end: SocketEnd): ChatError | undefined {
    const isUnauthorised = end.code === 4401 || end.complaint?.status === 401
    this.#failures = end.wasWelcomed ? 0 : this.#failures + 1
    if (end.wasWelcomed) this.#refusals = 0
    else if (isUnauthorised) this.#refusals += 1
    const renewable = isRenewable(this.#settings)
    const error = judgeEnd(end, {
      failures: this.#failures,
      refusals: this.#refusals,
      wasConnected: this.#wasConnected,
      isRenewable: renewable,
      tries: this.#settings.retry.tries,
    })
    // Without a reason, the second refused upgrade in a row gets a new proof, once.
    this.#mustRenew = isUnauthorised || (!end.hasOpened && !end.complaint && this.#failures === 2)
    return error
  }

  #chooseRetryMs({ goodbye, complaint }: SocketEnd): number {
    const { retry, random } = this.#settings
    const askedMs = goodbye?.retry_after_ms ?? complaint?.retryAfterMs ?? 0
    return askedMs + chooseDelayMs(this.#failures, retry, random)
  }
}

/** A refused proof ends the chat, as 4401 does; one that is not available right now is tried again. */
function describeFailedProof(error: unknown): SocketEnd {
  const complaint =
    error instanceof ChatError ? error : new ChatError('connection_failed', String(error), { cause: error })
  const code = complaint.status === 401 ? 4401 : complaint.status === 403 ? 1008 : 1006
  return { code, reason: complaint.message, hasOpened: false, wasWelcomed: false, complaint }
}
