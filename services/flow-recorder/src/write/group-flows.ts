import {
  listEvents,
  splitEvents,
  type FlowEventMessage,
  type FlowMessage,
  type Settlement,
} from '@omni2/contracts'
import type { NewFlow } from '@omni2/db'

/** What a batch of messages adds to the database. */
export interface FlowBatch {
  /** One of each session in the batch. */
  readonly flows: readonly NewFlow[]
  readonly events: readonly FlowEventMessage[]
  /** The first of each session. */
  readonly settlements: readonly Settlement[]
}

/** Groups messages by their sessions. */
export function groupFlows(messages: readonly FlowMessage[]): FlowBatch {
  const flows = new Map<string, NewFlow>()
  const events: FlowEventMessage[] = []
  const settlements = new Map<string, Settlement>()
  for (const message of messages) {
    flows.set(message.session_id, mergeFlow(flows.get(message.session_id), message))
    events.push(...splitEvents(message))
    if (message.kind === 'settlement' && !settlements.has(message.session_id))
      settlements.set(message.session_id, message)
  }
  return { flows: [...flows.values()], events, settlements: [...settlements.values()] }
}

function mergeFlow(known: NewFlow | undefined, message: FlowMessage): NewFlow {
  const { session_id, user_id, conversation_id, source } = known ?? message
  const moment = message.kind === 'settlement' ? message.accepted_at : firstMoment(message)
  // Times of one format and zone sort as text.
  const begun_at = known && known.begun_at < moment ? known.begun_at : moment
  return { session_id, user_id, conversation_id, source, begun_at }
}

/** Events are in the order of their times. */
const firstMoment = (message: FlowMessage): string => listEvents(message)[0]?.timestamp ?? ''
