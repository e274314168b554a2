import type { Defaulted, Json, Nullable, UtcTimestamp } from './column.ts'

/** `omni2.user_activities`: what was said and called in a turn, in order, full text. */
export interface UserActivities {
  activity_id: Defaulted<string>
  conversation_id: Nullable<string>
  session_id: string
  user_id: number
  sequence_num: number
  activity_type: string
  activity_data: Json
  duration_ms: Nullable<number>
  created_at: Nullable<UtcTimestamp>
}
