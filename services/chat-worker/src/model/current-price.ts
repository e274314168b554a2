import { setTimeout as sleep } from 'node:timers/promises'
import { loadModelPrice, type Database } from '@omni2/db'
import { Gate, type Logger, type Readiness } from '@omni2/service-kit'
import type { Config } from '../config.ts'
import type { DatabaseGate } from '../signals/database-gate.ts'
import { toPrices, type Prices } from '../prices.ts'

export interface PriceDeps {
  readonly config: Pick<Config, 'MODEL' | 'MODEL_PRICES' | 'MODEL_PRICE_MAX_AGE_MS'>
  readonly database: Pick<Database, 'db'>
  readonly gate: Pick<DatabaseGate, 'retryWhileAway'>
  readonly readiness: Pick<Readiness, 'meet' | 'miss'>
  readonly stopping: AbortSignal
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>
}

/** Pause before a price is read again after an error, in milliseconds. */
const failedPauseMs = 5000

/**
 * The price of the configured model, from the database or from MODEL_PRICES. Without a price this worker is not ready
 * and takes no turns. A turn keeps the price that it started with.
 */
export class CurrentPrice {
  readonly #deps: PriceDeps
  readonly #known = new Gate()
  /** Undefined before the first reading. */
  #state: 'known' | 'missing' | undefined
  #prices: Prices | undefined
  #asked = new AbortController()

  constructor(deps: PriceDeps) {
    this.#deps = deps
    this.#known.set(false)
  }

  /** Resolves when the model has a price, or at the signal. */
  known(signal: AbortSignal): Promise<void> {
    return this.#known.opened(signal)
  }

  /** Undefined while there is no price, or before the first reading. */
  get prices(): Prices | undefined {
    return this.#prices
  }

  /** Makes the price be read again soon. */
  refresh(): void {
    this.#asked.abort()
  }

  /** Reads the price until stopping: at once, on request, and before its age exceeds the bound. */
  async watch(): Promise<void> {
    const { config, stopping, log } = this.#deps
    if (config.MODEL_PRICES) {
      log.info({ model: config.MODEL }, 'MODEL_PRICES is the price of the model, whatever the database says')
      return this.#set(config.MODEL_PRICES)
    }
    while (!stopping.aborted) {
      this.#asked = new AbortController()
      const pauseMs = await this.#read()
      const signal = AbortSignal.any([stopping, this.#asked.signal])
      await sleep(pauseMs, undefined, { signal }).catch(() => {})
    }
  }

  /** How long a reading is valid. */
  async #read(): Promise<number> {
    const { config, database, gate, readiness, stopping, log } = this.#deps
    try {
      const stored = await gate.retryWhileAway(() => loadModelPrice(config.MODEL, database))
      if (stored) this.#set(toPrices(stored))
      else this.#miss()
      return config.MODEL_PRICE_MAX_AGE_MS
    } catch (error) {
      if (stopping.aborted) return 0
      const reason = error instanceof Error ? error.message : String(error)
      log.warn({ model: config.MODEL, reason }, 'price of the model not read')
      if (!this.#prices) readiness.miss('price', `the price of ${config.MODEL} cannot be read: ${reason}`)
      return failedPauseMs
    }
  }

  #set(prices: Prices): void {
    const { config, readiness, log } = this.#deps
    if (this.#state !== 'known' || JSON.stringify(prices) !== JSON.stringify(this.#prices))
      log.info({ model: config.MODEL, ...prices }, 'price of the model')
    this.#state = 'known'
    this.#prices = prices
    readiness.meet('price')
    this.#known.set(true)
  }

  #miss(): void {
    const { config, readiness, log } = this.#deps
    const { MODEL: model } = config
    const remedy = `npm run admin -- prices set ${model} --input … --output … --cache-read … --cache-write …`
    if (this.#state !== 'missing')
      log.error({ model, remedy }, 'the model has no price: no turns are taken until it has one')
    this.#state = 'missing'
    this.#prices = undefined
    readiness.miss('price', `${model} has no price; set it with: ${remedy}`)
    this.#known.set(false)
  }
}
