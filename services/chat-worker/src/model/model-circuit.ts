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
  /** Whether a failure says that the API is down; any other is an answer of it. */
  isOutage: (error: unknown) => boolean
  log: Pick<Logger, 'warn' | 'info'>
}

/** While one call tries the API again the others are told to come back this much later, in milliseconds. */
const leastRetryMs = 1000

/** The model's API failed so often that it is not asked for now. */
export class ModelCircuitOpenError extends Error {
  override readonly name = 'ModelCircuitOpenError'
  readonly retryAfterMs: number

  constructor(retryAfterMs: number) {
    super('the model circuit is open')
    this.retryAfterMs = retryAfterMs
  }
}

/**
 * Spares an API that is down, and the turns that would wait for it. Closed: calls go through. Open, after so many calls
 * in a row found the API overloaded, failing or out of reach: calls are refused at once. After the pause one call goes
 * through to try it; the others are refused until that one was answered. An answer that is an error of ours, a 4xx, says
 * that the API is there.
 */
export class ModelCircuit {
  readonly #breaker: CircuitBreakerPolicy
  readonly #pauseMs: number
  readonly #isOutage: CircuitOptions['isOutage']
  #openedAt = 0

  constructor({ failures, pauseMs, isOutage, log }: CircuitOptions) {
    this.#pauseMs = pauseMs
    this.#isOutage = isOutage
    // A call that its turn gave up says nothing about the API; the one that tries it has then not found it there.
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

  /** Whether calls are refused, but for the one that tries the API again. */
  get isOpen(): boolean {
    return this.#breaker.state !== CircuitState.Closed
  }

  /** Makes a call; throws ModelCircuitOpenError in its place while open, and the call's own error otherwise. */
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

  /** Rejects where the API is down; an error that it answered with is an answer. */
  async #answer<T>(call: () => Promise<T>): Promise<{ value: T } | { error: unknown }> {
    try {
      return { value: await call() }
    } catch (error) {
      if (error instanceof TurnStopError || this.#isOutage(error)) throw error
      return { error }
    }
  }

  #refuse(): ModelCircuitOpenError {
    return new ModelCircuitOpenError(Math.max(leastRetryMs, this.#openedAt + this.#pauseMs - Date.now()))
  }
}
