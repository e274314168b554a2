import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  type CircuitBreakerPolicy,
} from 'cockatiel'
import type { Logger } from '@omni2/service-kit'
import { TurnStopError } from '../signals/turn-stop.ts'

interface CircuitOptions {
  /** Failures in a row that open it. */
  failures: number
  /** How long it stays open, in milliseconds. */
  pauseMs: number
  /** Whether a failure means that the API is down; any other is an answer of the API. */
  isOutage: (error: unknown) => boolean
  log: Pick<Logger, 'warn' | 'info'>
}

/** Retry time of the other calls while one call tests the API, in milliseconds. */
const leastRetryMs = 1000

/** The API of the model failed so often that it gets no calls for now. */
export class ModelCircuitOpenError extends Error {
  override readonly name = 'ModelCircuitOpenError'
  readonly retryAfterMs: number

  constructor(retryAfterMs: number) {
    super('the model circuit is open')
    this.retryAfterMs = retryAfterMs
  }
}

/**
 * Protects an API that is down, and the turns that would wait for it. *Closed*: calls go through. *Open*, after so many
 * calls in a row that found the API overloaded, failing or out of reach: calls are refused at once. After the pause one
 * call tests the API; the others are refused until it is answered. A 4xx, an error of the caller, means that the API is
 * up.
 */
export class ModelCircuit {
  readonly #breaker: CircuitBreakerPolicy
  readonly #pauseMs: number
  readonly #isOutage: CircuitOptions['isOutage']
  #openedAt = 0

  constructor({ failures, pauseMs, isOutage, log }: CircuitOptions) {
    this.#pauseMs = pauseMs
    this.#isOutage = isOutage
    // A call that its turn cancelled shows nothing about the API. If it was the test call, the test has failed.
    const isFailure = handleWhen((error) => !(error instanceof TurnStopError) || this.#isTrying)
    this.#breaker = circuitBreaker(isFailure, {
      halfOpenAfter: pauseMs,
      breaker: new ConsecutiveBreaker(failures),
    })
    this.#breaker.onBreak(() => {
      this.#openedAt = Date.now()
      log.warn({ failures, pause_ms: pauseMs }, 'model circuit open: the model is not asked')
    })
    this.#breaker.onReset(() => log.info('model circuit closed: the model answers'))
  }

  /** Whether calls are refused, except the one that tests the API. */
  get isOpen(): boolean {
    return this.#breaker.state !== CircuitState.Closed
  }

  /** Makes a call. Throws ModelCircuitOpenError while open, otherwise the error of the call. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#isTrying) throw this.#refuse()
    try {
      const answered = await this.#breaker.execute(() => this.#answer(call))
      if ('error' in answered) throw answered.error
      return answered.value
    } catch (error) {
      throw error instanceof BrokenCircuitError ? this.#refuse() : error
    }
  }

  get #isTrying(): boolean {
    return this.#breaker.state === CircuitState.HalfOpen
  }

  /** Rejects if the API is down. An error response counts as an answer. */
  async #answer<T>(call: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
    try {
      return { value: await call() }
    } catch (error) {
      if (error instanceof TurnStopError || this.#isOutage(error)) throw error
      return { error }
    }
  }

  #refuse(): ModelCircuitOpenError {
    // By the clock of the breaker, the time of day, which may have been set back.
    const leftMs = Math.min(this.#pauseMs, this.#openedAt + this.#pauseMs - Date.now())
    return new ModelCircuitOpenError(Math.max(leastRetryMs, leftMs))
  }
}
