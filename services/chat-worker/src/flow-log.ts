import {
  makeFlowMessageId,
  makeNodeId,
  subjects,
  type FlowEvent,
  type FlowMessage,
  type StepName,
  type TurnMessage,
} from '@omni2/contracts'
import { PublishUnknownError, type Bus } from '@omni2/bus'
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

  /** Resolves when every event so far is stored; throws PublishRefusedError. */
  async stored(): Promise<void> {
    await Promise.all(this.#publishes)
  }
}

/**
 * Stores a flow message in its stream under its own id, so that a second time changes nothing: while NATS is away it is
 * tried until it is back. Throws PublishRefusedError.
 */
export async function publishFlowMessage(
  message: FlowMessage,
  bus: Pick<Bus, 'publishDurably'>,
): Promise<void> {
  const id = makeFlowMessageId(message)
  for (;;) {
    try {
      await bus.publishDurably(subjects.flowEvents(message.session_id), JSON.stringify(message), { id })
      return
    } catch (error) {
      if (!(error instanceof PublishUnknownError)) throw error
    }
  }
}

const ownerOf = (turn: TurnMessage) => ({
  session_id: turn.session_id,
  user_id: turn.identity.user_id,
  conversation_id: turn.conversation_id,
  source: turn.source,
})
