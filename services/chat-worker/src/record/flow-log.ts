import {
  makeNodeId,
  subjects,
  type FlowEvent,
  type FlowEventMessage,
  type StepName,
  type TurnMessage,
} from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import { withDeadline } from '@omni2/service-kit'
import { publishFlowMessage } from './publish-flow-message.ts'
import type { StepResult } from './step.ts'

/** The first event of a turn, which the edge records. */
const acceptedNode = makeNodeId(0, 0)

/**
 * The events of one attempt, in the order in which they are recorded. Publishing runs beside the turn. `stored`
 * resolves when the stream holds all events, and rejects when it refuses one. While the user is monitored, each event
 * is also sent to watchers.
 */
export class FlowLog {
  readonly #turn: TurnMessage
  readonly #attempt: number
  readonly #bus: Pick<Bus, 'publish' | 'publishDurably'>
  readonly #monitoredUntil: Date | null
  readonly #publishes: Promise<void>[] = []
  #last = acceptedNode

  constructor(
    turn: TurnMessage,
    attempt: number,
    bus: Pick<Bus, 'publish' | 'publishDurably'>,
    monitoredUntil: Date | null = null,
  ) {
    this.#turn = turn
    this.#attempt = attempt
    this.#bus = bus
    this.#monitoredUntil = monitoredUntil
  }

  /** The last recorded event, without those below other events. */
  get last(): string {
    return this.#last
  }

  /** Records the result of a step as the next event, and returns it. */
  record<R extends StepResult>(step: StepName, result: R): R {
    this.#last = this.#publish(step, result, this.#last)
    return result
  }

  /** Records the result of a step below another event. Later events do not depend on it. */
  recordBelow(parent: string, step: StepName, result: StepResult): void {
    this.#publish(step, result, parent)
  }

  #publish(step: StepName, result: StepResult, parent: string): string {
    const ordinal = this.#publishes.length + 1
    const event: FlowEvent = {
      node_id: makeNodeId(this.#attempt, ordinal),
      parent_id: parent,
      event_type: step,
      timestamp: new Date().toISOString(),
      attempt: this.#attempt,
      ordinal,
      outcome: result.outcome,
      data: result.data,
    }
    const message: FlowEventMessage = { kind: 'event', ...ownerOf(this.#turn), event }
    this.#showLive(message)
    const publishing = publishFlowMessage(message, this.#bus)
    publishing.catch(() => {})
    this.#publishes.push(publishing)
    return event.node_id
  }

  /**
   * Resolves when every event so far is stored. Throws PublishRefusedError, or DeadlineError if it takes longer than
   * `ms`.
   */
  async stored(ms?: number): Promise<void> {
    const storing = Promise.all(this.#publishes)
    await (ms === undefined ? storing : withDeadline(storing, { ms }))
  }

  #showLive(message: FlowEventMessage): void {
    if (this.#monitoredUntil === null || this.#monitoredUntil.getTime() <= Date.now()) return
    this.#bus.publish(subjects.flowLive(message.user_id), JSON.stringify(message))
  }
}

const ownerOf = (turn: TurnMessage) => ({
  session_id: turn.session_id,
  user_id: turn.identity.user_id,
  conversation_id: turn.conversation_id,
  source: turn.source,
})
