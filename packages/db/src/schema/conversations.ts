import type { Defaulted, Instant, Nullable } from './column.ts'

/** `omni2.conversations` */
export interface Conversations {
  conversation_id: string
  user_id: number
  title: Nullable<string>
  created_at: Defaulted<Instant>
  updated_at: Defaulted<Instant>
  deleted_at: Nullable<Instant>
}
