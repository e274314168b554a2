import { type RawBuilder, sql } from 'kysely'

/**
 * SQL expression, in a statement that updates `turn`: USD that its running attempt has spent at least, if it died. What it
 * gave the model to read is estimated from the texts of its conversation, a token for four characters.
 */
export const estimateDeadAttempt = (inputPrice: number): RawBuilder<number> => sql<number>`
  case when turn.status = 'running' then round((${inputPrice}::numeric / 4e6) * (
    length(turn.user_text) + coalesce((
      select sum(length(earlier.user_text) + length(earlier.answer)) from omni2.turns earlier
      where earlier.conversation_id = turn.conversation_id and earlier.status in ('done', 'cancelled')), 0)
  ), 8) else 0 end`
