import type { Anthropic } from '@anthropic-ai/sdk'
import type { Bus, Subscription } from '@omni2/bus'
import type { TurnMessage } from '@omni2/contracts'
import { listRunningTurns, type ClaimedTurn, type Database } from '@omni2/db'
import { answerOwnerRequests } from './answer-owner-requests.ts'
import type { Config } from '../config.ts'
import type { DatabaseGate } from '../signals/database-gate.ts'
import type { WorkerMetrics } from '../metrics.ts'
import type { Watchdog } from '@omni2/service-kit'
import type { ModelCircuit } from '../model/model-circuit.ts'
import type { CallDeps } from '../model/call-model.ts'
import type { TurnTimes } from '../outcome/make-outcome.ts'
import { secondsBetween } from '../record/seconds-between.ts'
import type { FlushTick } from '../reply/flush-tick.ts'
import { Ownership } from '../reply/ownership.ts'
import { Reply } from '../reply/reply.ts'
import { TurnStopError, type Revocation, type StopCause } from '../signals/turn-stop.ts'

export interface AttemptDeps {
  bus: Bus
  database: Database
  client: Anthropic
  circuit: ModelCircuit
  config: Config
  tick: FlushTick
  gate: Pick<DatabaseGate, 'retryWhileAway'>
  /** Where this attempt is found while it runs. */
  liveTurns: { add(turn: TurnMessage, attempt: Attempt): Disposable }
  worker: string
  watchdog: Pick<Watchdog, 'note'>
  metrics: Pick<WorkerMetrics, 'firstTokenSeconds' | 'tokenDelaySeconds' | 'modelRequests' | 'modelSeconds'>
}

/**
 * One attempt at a turn while it runs here: its reply, its right to send frames, its deadline, and its answers to other
 * processes. It runs until it is stopped or disposed. The flow disposes it when the turn is settled or given up.
 */
export class Attempt implements Disposable {
  readonly number: number
  readonly reply: Reply
  readonly ownership: Ownership
  readonly #turn: TurnMessage
  readonly #deps: AttemptDeps
  readonly #stopping = new AbortController()
  readonly #deadline: NodeJS.Timeout
  readonly #requests: Subscription
  readonly #entry: Disposable
  /** Times of this attempt are of the monotonic clock: the time of day may be set meanwhile. */
  readonly #claimedAt = performance.now()
  /** How long the turn had waited by the clock of Postgres. */
  readonly #queuedMs: number
  #firstTokenAt: number | undefined

  constructor(turn: TurnMessage, claimed: ClaimedTurn, deps: AttemptDeps) {
    this.#turn = turn
    this.#deps = deps
    this.number = claimed.attempt
    this.#queuedMs = Math.max(0, claimed.started_at.getTime() - Date.parse(turn.accepted_at))
    this.ownership = new Ownership({
      check: () => deps.gate.retryWhileAway(() => this.#isOwner(deps.database)),
      onLost: () => this.stop('superseded'),
    })
    this.reply = new Reply(turn, claimed.attempt, {
      bus: deps.bus,
      tick: deps.tick,
      ownership: this.ownership,
      metrics: deps.metrics,
    })
    this.#deadline = setTimeout(() => this.stop('deadline'), deps.config.TURN_DEADLINE_MS)
    this.#entry = deps.liveTurns.add(turn, this)
    this.#requests = answerOwnerRequests(turn, this, deps)
  }

  get turnId(): string {
    return this.#turn.session_id
  }

  get signal(): AbortSignal {
    return this.#stopping.signal
  }

  /** Milliseconds until the deadline. */
  get leftMs(): number {
    return Math.max(0, this.#claimedAt + this.#deps.config.TURN_DEADLINE_MS - performance.now())
  }

  /** Stops the attempt. With `revoked` the client gets this reason. */
  stop(cause: StopCause, revocation?: Revocation): void {
    this.#stopping.abort(new TurnStopError(cause, revocation))
  }

  /** Records the turn as the work of the event loop. Call it before work on input from outside. */
  noteWork(): void {
    this.#deps.watchdog.note(this.turnId)
  }

  /** The dependencies of a model call: its text becomes the text of the reply, a stop of the attempt stops the call. */
  get modelDeps(): CallDeps {
    const { client, circuit, config, metrics } = this.#deps
    return {
      client,
      circuit,
      signal: this.signal,
      stallMs: config.MODEL_STALL_MS,
      metrics,
      onWork: () => this.noteWork(),
      onText: (text) => this.#say(text),
    }
  }

  /** The times of the turn, if it ended now. */
  times(): TurnTimes {
    return {
      acceptedAt: this.#claimedAt - this.#queuedMs,
      claimedAt: this.#claimedAt,
      firstTokenAt: this.#firstTokenAt,
      endedAt: performance.now(),
    }
  }

  #say(text: string): void {
    if (this.#firstTokenAt === undefined) this.#noteFirstToken()
    this.reply.say(text)
  }

  #noteFirstToken(): void {
    this.#firstTokenAt = performance.now()
    this.#deps.metrics.firstTokenSeconds.observe(secondsBetween(this.times().acceptedAt, this.#firstTokenAt))
  }

  /** A read of the row also finds a cancel that did not reach this attempt. */
  async #isOwner(database: Database): Promise<boolean> {
    const [running] = await listRunningTurns([this.turnId], database)
    if (running?.attempt !== this.number) return false
    if (running.is_cancel_requested) this.stop('cancelled')
    return true
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#deadline)
    this.#requests.unsubscribe()
    this.#entry[Symbol.dispose]()
  }
}
