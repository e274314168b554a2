import { Exchange, type ExchangeDetail, type ExchangeSummary } from './exchange.ts'

interface LogBounds {
  readonly maxEntries: number
  readonly maxBytes: number
  readonly now: () => number
}

/** The last exchanges. Above either bound the oldest that is over goes; one that is still open stays. */
export class RequestLog {
  readonly #exchanges = new Map<string, Exchange>()
  readonly #bounds: LogBounds

  constructor(bounds: LogBounds) {
    this.#bounds = bounds
  }

  open(start: ConstructorParameters<typeof Exchange>[0]): Exchange {
    const exchange = new Exchange(start, this.#bounds.now)
    this.#exchanges.set(exchange.id, exchange)
    this.#forget()
    return exchange
  }

  /** One exchange by its `request-id`. */
  find(request: string): ExchangeDetail | undefined {
    return this.#exchanges.get(request)?.detail()
  }

  /** Newest first; `metadataUserId` keeps those of one `metadata.user_id`. */
  list({
    limit = Infinity,
    metadataUserId,
  }: { limit?: number; metadataUserId?: string } = {}): ExchangeSummary[] {
    return [...this.#exchanges.values()]
      .filter((exchange) => metadataUserId === undefined || exchange.metadataUserId === metadataUserId)
      .toReversed()
      .slice(0, limit)
      .map((exchange) => exchange.summarize())
  }

  #forget(): void {
    let bytes = 0
    for (const exchange of this.#exchanges.values()) bytes += exchange.bytes
    for (const exchange of this.#exchanges.values()) {
      if (this.#exchanges.size <= this.#bounds.maxEntries && bytes <= this.#bounds.maxBytes) return
      if (!exchange.isOver) continue
      this.#exchanges.delete(exchange.id)
      bytes -= exchange.bytes
    }
  }
}
