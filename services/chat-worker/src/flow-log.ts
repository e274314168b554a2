import { once } from 'node:events'
import { makeNodeId, type FlowEvent, type StepName, type TurnMessage } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import { publishFlowMessage } from './publish-flow-message.ts'
import type { StepResult } from './steps/step.ts'

/** The first event of a turn, which the edge records. */
const acceptedNode = makeNodeId(0, 0)

/**
 * The events of one attempt, in the order in which they are recorded. Publishing goes on beside the turn; `stored`
 * resolves when the stream holds them all, and rejects when it refuses one.
 */
export class FlowLog {
  readonly #turn: TurnMessage
  readonly #attempt: number
  readonly #bus: Pick<Bus, 'publishDurably'>
  readonly #publishes: Promise<void>[] = []
  #last = acceptedNode

  constructor(turn: TurnMessage, attempt: number, bus: Pick<Bus, 'publishDurably'>) {
    this.#turn = turn
    this.#attempt = attempt
    this.#bus = bus
  }

  /** Records a step's result as the event after the one before, and gives it back. */
  record<R extends StepResult>(step: StepName, result: R): R {
    const ordinal = this.#publishes.length + 1
    const event: FlowEvent = {
      node_id: makeNodeId(this.#attempt, ordinal),
      parent_id: this.#last,
      event_type: step,
      timestamp: new Date().toISOString(),
      attempt: this.#attempt,
      ordinal,
      outcome: result.outcome,
      data: result.data,
    }
    this.#last = event.node_id
    const publishing = publishFlowMessage({ kind: 'event', ...ownerOf(this.#turn), event }, this.#bus)
    publishing.catch(() => {})
    this.#publishes.push(publishing)
    return result
  }

  /** Resolves when every event so far is stored; throws PublishRefusedError, or the signal's reason when it aborts first. */
  async stored(signal?: AbortSignal): Promise<void> {
    const storing = Promise.all(this.#publishes)
    await (signal
      ? Promise.race([storing, once(signal, 'abort').then(() => signal.throwIfAborted())])
      : storing)
  }
}

const ownerOf = (turn: TurnMessage) => ({
  session_id: turn.session_id,
  user_id: turn.identity.user_id,
  conversation_id: turn.conversation_id,
  source: turn.source,
})
