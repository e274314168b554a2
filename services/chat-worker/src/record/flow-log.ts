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

/** What every message of a flow says of its turn. */
export type FlowOwner = Pick<FlowEventMessage, 'session_id' | 'user_id' | 'conversation_id' | 'source'>

/** Longest time that an event waits for others, in milliseconds. */
const gatherMs = 25
/** Events are sent on before their data is larger than this together, in characters of JSON. */
const gatherSize = 32 * 1024

/**
 * The events of one attempt, in the order in which they are recorded. Those that come close together are one message
 * (decision 0030): all checks are sent before the model is asked. Publishing runs beside the turn. `stored` resolves
 * when the stream holds all events, and rejects when it refuses one. While the user is monitored, each event is also
 * sent to watchers at once.
 */
export class FlowLog implements Disposable {
  readonly #owner: FlowOwner
  readonly #attempt: number
  readonly #bus: Pick<Bus, 'publish' | 'publishDurably'>
  readonly #monitoredUntil: Date | null
  readonly #publishes: Promise<void>[] = []
  #gathered: FlowEvent[] = []
  #gatheredSize = 0
  #timer: NodeJS.Timeout | undefined
  #ordinal: number
  #last = acceptedNode

  /** `ordinal`: events of this attempt that were recorded before, at most. */
  constructor(
    owner: FlowOwner,
    attempt: number,
    bus: Pick<Bus, 'publish' | 'publishDurably'>,
    { monitoredUntil = null, ordinal = 0 }: { monitoredUntil?: Date | null; ordinal?: number } = {},
  ) {
    const { session_id, user_id, conversation_id, source } = owner
    this.#owner = { session_id, user_id, conversation_id, source }
    this.#attempt = attempt
    this.#bus = bus
    this.#monitoredUntil = monitoredUntil
    this.#ordinal = ordinal
  }

  /** The last recorded event, without those below other events. */
  get last(): string {
    return this.#last
  }

  /** Records the result of a step as the next event, and returns it. */
  record<R extends StepResult>(step: StepName, result: R): R {
    this.#last = this.#record(step, result, this.#last)
    return result
  }

  /** Records the result of a step below another event. Later events do not depend on it. */
  recordBelow(parent: string, step: StepName, result: StepResult): void {
    this.#record(step, result, parent)
  }

  #record(step: StepName, result: StepResult, parent: string): string {
    this.#ordinal += 1
    const event: FlowEvent = {
      node_id: makeNodeId(this.#attempt, this.#ordinal),
      parent_id: parent,
      event_type: step,
      timestamp: new Date().toISOString(),
      attempt: this.#attempt,
      ordinal: this.#ordinal,
      outcome: result.outcome,
      data: result.data,
    }
    this.#showLive(event)
    this.#gather(event)
    return event.node_id
  }

  #gather(event: FlowEvent): void {
    const size = JSON.stringify(event.data).length
    if (this.#gatheredSize + size > gatherSize) this.#send()
    this.#gathered.push(event)
    this.#gatheredSize += size
    // The model may take its time, and what led to it is known.
    if (event.event_type === 'llm_thinking') this.#send()
    else this.#timer ??= setTimeout(() => this.#send(), gatherMs)
  }

  #send(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const events = this.#gathered
    if (events.length === 0) return
    this.#gathered = []
    this.#gatheredSize = 0
    const publishing = publishFlowMessage({ kind: 'events', ...this.#owner, events }, this.#bus)
    publishing.catch(() => {})
    this.#publishes.push(publishing)
  }

  /**
   * Resolves when every event so far is stored. Throws PublishRefusedError, or DeadlineError if it takes longer than
   * `ms`.
   */
  async stored(ms?: number): Promise<void> {
    this.#send()
    const storing = Promise.all(this.#publishes)
    await (ms === undefined ? storing : withDeadline(storing, { ms }))
  }

  /** Sends what still waits for others. */
  [Symbol.dispose](): void {
    this.#send()
  }

  #showLive(event: FlowEvent): void {
    if (this.#monitoredUntil === null || this.#monitoredUntil.getTime() <= Date.now()) return
    const message: FlowEventMessage = { kind: 'event', ...this.#owner, event }
    this.#bus.publish(subjects.flowLive(message.user_id), JSON.stringify(message))
  }
}

/** Whose flow a turn has. */
export const flowOwnerOf = (turn: TurnMessage): FlowOwner => ({
  session_id: turn.session_id,
  user_id: turn.identity.user_id,
  conversation_id: turn.conversation_id,
  source: turn.source,
})
