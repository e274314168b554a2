import type { ColumnType } from 'kysely'
import type { Defaulted, Instant, Json, Nullable } from './column.ts'

/** `omni2.admin_changes`: what operators changed; secrets are masked. */
export interface AdminChanges {
  id: ColumnType<number, never, never>
  /** Who. */
  user_id: number
  /** As what. */
  role: string
  action: string
  target_type: string
  target_id: string
  before: Nullable<Json>
  after: Nullable<Json>
  request_id: string
  at: Defaulted<Instant>
}
