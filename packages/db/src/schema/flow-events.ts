import type { EventOutcome, EventType, TurnSource } from '@omni2/contracts'
import type { Defaulted, Instant, Json, Nullable } from './column.ts'

/** `omni2.flow_events`: every checkpoint as it was recorded. */
export interface FlowEvents {
  session_id: string
  /** 0: recorded by the edge. */
  attempt: number
  ordinal: number
  user_id: number
  conversation_id: Nullable<string>
  source: TurnSource
  node_id: string
  parent_id: Nullable<string>
  event_type: EventType
  outcome: EventOutcome
  occurred_at: Instant
  data: Json
  recorded_at: Defaulted<Instant>
}
