import type { Nullable, UtcTimestamp } from './column.ts'

/** `omni2.user_blocks` */
export interface UserBlocks {
  user_id: number
  is_blocked: Nullable<boolean>
  block_reason: Nullable<string>
  custom_block_message: Nullable<string>
  blocked_at: Nullable<UtcTimestamp>
  blocked_by: Nullable<number>
  blocked_services: Nullable<string[]>
}
