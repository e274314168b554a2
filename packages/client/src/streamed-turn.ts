import type { ServerFrame } from './server-frames.ts'
import { ChatError } from './chat-error.ts'
import { parseDeploymentUrl } from './deployment-url.ts'
import { describeSilence } from './describe-silence.ts'
import { LiveReply } from './live-reply.ts'
import { makeFrameError } from './make-frame-error.ts'
import { parseFrame } from './parse-frame.ts'
import { pause } from './pause.ts'
import { isRenewable, type Proof, proveRequest } from './proof.ts'
import { readEvents } from './read-events.ts'
import { readHttpError } from './read-http-error.ts'
import { chooseDelayMs, type RetryPolicy } from './retry-policy.ts'

interface StreamSettings extends Pick<Proof, 'token'> {
  readonly url: string
  readonly retry: RetryPolicy
  readonly quietMs: number
  readonly fetch: typeof fetch
  readonly random: () => number
}

/** Statuses that may change on a later try; every other status is final. */
const transient: ReadonlySet<string> = new Set(['unavailable', 'accept_unknown', 'connection_failed'])

/**
 * One turn over SSE. Asking: the POST, again with the same key while its fate is unknown. Following: the turn's id is
 * known, and each stream that breaks is followed by a GET from the cursor. Ended: as its reply.
 */
export class StreamedTurn {
  readonly reply: LiveReply
  readonly #text: string
  readonly #clientMsgId: string
  readonly #settings: StreamSettings
  readonly #ending = new AbortController()
  #failures = 0
  #mustRenew = false
  #hasRenewed = false
  /** Whether the server may have the message; after a refusal it does not, after silence it may. */
  #fate: 'unsent' | 'asked' | 'unknown' = 'unsent'
  /** Once the server has answered this page, silence is a lost connection. */
  #wasAnswered = false
  #wantsCancel = false
  #isCancelling = false

  constructor(text: string, clientMsgId: string, settings: StreamSettings) {
    this.#text = text
    this.#clientMsgId = clientMsgId
    this.#settings = settings
    this.reply = new LiveReply({ cancel: () => this.#cancel(), clientMsgId, question: text })
  }

  /** Resolves once the reply has ended; never rejects. */
  async run(): Promise<void> {
    while (!this.reply.hasEnded) {
      const problem = await this.#listen().catch(describeBreak)
      if (this.reply.hasEnded) break
      const end = this.#judge(problem)
      if (end) this.reply.fail(end)
      else await this.#pause(problem)
    }
    this.#ending.abort()
  }

  /** One request and its stream; returns what is wrong, undefined where the stream only broke off. */
  async #listen(): Promise<ChatError | undefined> {
    const response = await this.#request()
    if (!response.ok) return readHttpError(response)
    if (!response.body) return new ChatError('bad_answer', 'The answer has no body.')
    const turnId = response.headers.get('x-session-id')
    if (turnId) this.#accept(turnId)
    for await (const data of readEvents(response.body, this.#settings)) {
      const frame = parseFrame(data)
      const problem = frame && this.#receive(frame)
      if (this.reply.hasEnded || problem) return problem === 'gap' ? undefined : problem
    }
    return undefined
  }

  async #request(): Promise<Response> {
    const { turnId } = this.reply
    const proof = await proveRequest(this.#settings, { renew: this.#mustRenew })
    this.#mustRenew = false
    if (turnId !== undefined) return this.#follow(turnId, proof)
    // Cancelled while the proof was fetched.
    if (this.reply.hasEnded) throw makeUnsentError()
    if (this.#fate === 'unsent') this.#fate = 'asked'
    return this.#fetch('/ask/stream', {
      method: 'POST',
      headers: { ...proof, 'content-type': 'application/json', 'idempotency-key': this.#clientMsgId },
      body: JSON.stringify({ message: this.#text }),
    })
  }

  #follow(turnId: string, proof: Record<string, string>): Promise<Response> {
    const { attempt, seq } = this.reply.cursor
    const position = `${turnId}:${attempt}:${seq}`
    return this.#fetch(`/ask/stream/${turnId}`, { headers: { ...proof, 'last-event-id': position } })
  }

  /** The silence before the head of the answer is bounded too; after it the reader of the body checks. */
  async #fetch(path: string, request: RequestInit): Promise<Response> {
    const { fetch, quietMs } = this.#settings
    const url = parseDeploymentUrl(this.#settings.url)
    const silence = new AbortController()
    const { signal } = silence
    const timer = setTimeout(() => silence.abort(), quietMs)
    try {
      const response = await fetch(`${url}${path}`, { ...request, credentials: 'include', signal })
      this.#wasAnswered = true
      return response
    } catch (cause) {
      throw this.#wasAnswered ? cause : await describeSilence({ url, fetch, signal, cause })
    } finally {
      clearTimeout(timer)
    }
  }

  #receive(frame: ServerFrame): ChatError | 'gap' | undefined {
    this.#failures = 0
    if (frame.type === 'unrecoverable')
      return new ChatError('unrecoverable', 'The turn cannot be found again.')
    if (frame.type === 'error' && (frame.attempt ?? 0) === 0) return makeFrameError(frame)
    if (frame.type === 'blocked' && frame.session_id === undefined) return makeFrameError(frame)
    if ('session_id' in frame && typeof frame.session_id === 'string') this.#accept(frame.session_id)
    return this.reply.receive(frame) === 'gap' ? 'gap' : undefined
  }

  /** Why it is not tried again; undefined when it is. */
  #judge(problem: ChatError | undefined): ChatError | undefined {
    this.#failures += 1
    const isRefused = problem?.status !== undefined && problem.code !== 'accept_unknown'
    if (this.#fate === 'asked') this.#fate = isRefused ? 'unsent' : 'unknown'
    if (this.#fate === 'unsent' && this.#wantsCancel) return makeUnsentError()
    const mayRenew = problem?.status === 401 && isRenewable(this.#settings) && !this.#hasRenewed
    if (mayRenew) {
      this.#mustRenew = true
      this.#hasRenewed = true
      return undefined
    }
    if (problem && !transient.has(problem.code)) return problem
    if (this.#failures <= this.#settings.retry.tries) return undefined
    return problem ?? new ChatError('connection_lost', 'The stream is lost.')
  }

  #pause(problem: ChatError | undefined): Promise<void> {
    const { retry, random } = this.#settings
    if (this.#mustRenew) return Promise.resolve()
    const ms = (problem?.retryAfterMs ?? 0) + chooseDelayMs(this.#failures - 1, retry, random)
    return pause(ms, this.#ending.signal)
  }

  #accept(turnId: string): void {
    this.reply.accept(turnId)
    if (this.#wantsCancel) this.#cancel()
  }

  /** Before the turn's id is known the cancel is kept until it can be sent. */
  #cancel(): void {
    this.#wantsCancel = true
    if (this.#fate === 'unsent') {
      this.reply.fail(makeUnsentError())
      return this.#ending.abort()
    }
    if (this.reply.turnId === undefined || this.#isCancelling) return
    this.#isCancelling = true
    void this.#sendCancel(this.reply.turnId)
  }

  async #sendCancel(turnId: string): Promise<void> {
    const { retry, random } = this.#settings
    for (let failures = 0; failures < retry.tries && !this.reply.hasEnded; failures += 1) {
      const status = await this.#askToCancel(turnId).catch(() => 0)
      if (status !== 0 && status !== 429 && status < 500) return
      await pause(chooseDelayMs(failures, retry, random), this.#ending.signal)
    }
  }

  async #askToCancel(turnId: string): Promise<number> {
    const headers = await proveRequest(this.#settings, { renew: false })
    const response = await this.#fetch(`/ask/${turnId}`, { method: 'DELETE', headers })
    await response.body?.cancel()
    return response.status
  }
}

const makeUnsentError = (): ChatError =>
  new ChatError('cancelled', 'The message was cancelled before it was sent.')

/** No answer, or a stream that broke: it may work the next time. A proof that is refused says so itself. */
function describeBreak(error: unknown): ChatError {
  if (error instanceof ChatError) return error
  return new ChatError('connection_failed', 'The server cannot be reached.', { cause: error })
}
