import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

/** A user's block; for a user without a row the values that mean no block. */
export interface Block {
  readonly is_blocked: boolean
  readonly block_reason: string | null
  readonly custom_block_message: string | null
  /** Null: all of them. */
  readonly blocked_services: string[] | null
  readonly blocked_at: Date | null
  readonly blocked_by: number | null
}

const notBlocked: Block = {
  is_blocked: false,
  block_reason: null,
  custom_block_message: null,
  blocked_services: null,
  blocked_at: null,
  blocked_by: null,
}

/** How a user is blocked. */
export async function loadBlock(userId: number, { db }: Pick<Database, 'db'>): Promise<Block> {
  const { rows } = await sql<Block>`
    select coalesce(is_blocked, false) as is_blocked, block_reason, custom_block_message, blocked_services,
      blocked_at, blocked_by
    from omni2.user_blocks where user_id = ${userId}
  `.execute(db)
  return rows[0] ?? notBlocked
}

/** Writes a user's block; a block that continues keeps its `blocked_at`. */
export async function saveBlock(
  userId: number,
  block: Omit<Block, 'blocked_at'>,
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    insert into omni2.user_blocks as block
      (user_id, is_blocked, block_reason, custom_block_message, blocked_services, blocked_by, blocked_at)
    values (${userId}, ${block.is_blocked}, ${block.block_reason}, ${block.custom_block_message},
      ${block.blocked_services}, ${block.blocked_by}, now())
    on conflict (user_id) do update set
      is_blocked = excluded.is_blocked, block_reason = excluded.block_reason,
      custom_block_message = excluded.custom_block_message, blocked_services = excluded.blocked_services,
      blocked_by = excluded.blocked_by,
      blocked_at = case when block.is_blocked and excluded.is_blocked then block.blocked_at else excluded.blocked_at end
  `.execute(db)
}
