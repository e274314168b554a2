import type { Usage } from '@anthropic-ai/sdk/resources/messages'
import type { MessagesRequest } from '../request/request-shape.ts'
import { reportUsage } from '../stream/report-usage.ts'
import type { SentPiece } from '../stream/step.ts'
import type { InputUsage } from '../usage/prompt-cache.ts'

export type Outcome = 'finished' | 'refused' | 'failed' | 'truncated' | 'reset' | 'client_closed'

/** The summary of a request in the log. */
export interface ExchangeSummary {
  /** The `request-id` header of the response. */
  readonly request: string
  readonly metadataUserId: string | null
  readonly model: string | null
  /** null as long as no answer has begun. */
  readonly status: number | null
  /** null while it is being answered, or stalls. */
  readonly outcome: Outcome | null
  readonly startedAt: string
  readonly finishedAt: string | null
  /** When the client closed its side before the answer was over. */
  readonly clientClosedAt: string | null
  /** The text deltas written so far, together. */
  readonly text: string
  readonly tokensSent: number
  /** The usage of the request so far; null where it was refused. */
  readonly usage: Usage | null
}

export interface ExchangeDetail extends ExchangeSummary {
  /** The `x-simulator` header. */
  readonly directive: string | null
  /** The body received, byte for byte. */
  readonly body: string
  /** The response body written so far, byte for byte. */
  readonly sent: string
}

interface ExchangeStart {
  readonly request: string
  /** The `x-simulator` header. */
  readonly directive: string | undefined
}

/**
 * One request and its outcome.
 *
 * Open from its head on; over with the first of: answered in full, refused, failed, truncated or reset by plan,
 * closed by the client. What comes later changes nothing.
 */
export class Exchange {
  readonly #start: ExchangeStart
  readonly #now: () => number
  readonly #startedAt: number
  readonly #sent: string[] = []
  readonly #text: string[] = []
  #body = ''
  #request: MessagesRequest | undefined
  #input: InputUsage | undefined
  readonly #tokens = { output: 0, thinking: 0 }
  #bytes = 0
  #status: number | undefined
  #outcome: Outcome | undefined
  #overAt: number | undefined

  constructor(start: ExchangeStart, now: () => number) {
    this.#start = start
    this.#now = now
    this.#startedAt = now()
  }

  get id(): string {
    return this.#start.request
  }

  get directive(): string | undefined {
    return this.#start.directive
  }

  get metadataUserId(): string | null {
    return this.#request?.metadata?.user_id ?? null
  }

  get isOver(): boolean {
    return this.#outcome !== undefined
  }

  /** The approximate size of the exchange in memory. */
  get bytes(): number {
    return this.#bytes
  }

  received(body: string): void {
    this.#body = body
    this.#bytes += body.length
  }

  understood(request: MessagesRequest): void {
    this.#request = request
  }

  /** The answer is to begin, for this input. */
  counted(input: InputUsage): void {
    this.#input = input
  }

  wrote(text: string, pieces: readonly SentPiece[] = []): void {
    this.#status ??= 200
    this.#sent.push(text)
    this.#bytes += text.length
    for (const { type, piece } of pieces) {
      this.#tokens.output++
      if (type === 'thinking') this.#tokens.thinking++
      if (type === 'text') this.#text.push(piece)
    }
  }

  refused(status: number, body: string): void {
    this.wrote(body)
    this.#status = status
    this.ended('refused')
  }

  ended(outcome: Outcome): void {
    if (this.#outcome !== undefined) return
    this.#outcome = outcome
    this.#overAt = this.#now()
  }

  summarize(): ExchangeSummary {
    const overAt = toIso(this.#overAt)
    const clientClosed = this.#outcome === 'client_closed'
    return {
      request: this.#start.request,
      metadataUserId: this.metadataUserId,
      model: this.#request?.model ?? null,
      status: this.#status ?? null,
      outcome: this.#outcome ?? null,
      startedAt: new Date(this.#startedAt).toISOString(),
      finishedAt: clientClosed ? null : overAt,
      clientClosedAt: clientClosed ? overAt : null,
      text: this.#text.join(''),
      tokensSent: this.#tokens.output,
      usage: this.#input ? reportUsage(this.#input, this.#tokens) : null,
    }
  }

  detail(): ExchangeDetail {
    const directive = this.#start.directive ?? null
    return { ...this.summarize(), directive, body: this.#body, sent: this.#sent.join('') }
  }
}

function toIso(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}
