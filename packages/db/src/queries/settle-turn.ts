import type { Activity, TurnEnd, TurnResult } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../open-database.ts'

/** How an attempt ended its turn. */
export interface TurnSettlement {
  session_id: string
  attempt: number
  status: TurnEnd
  answer: string | null
  /** The terminal frame's parts, from which it can be sent again. */
  terminal: StoredTerminal
  model: string | null
  tokens: { input: number; output: number; cacheRead: number; cacheWrite: number } | null
  /** USD. */
  cost_usd: number
  estimated: boolean
  /** The model declined to answer: the declined question is not sent to it again. */
  was_declined: boolean
}

/** What `omni2.turns.result` holds of an ended turn. */
export interface StoredTerminal {
  type: 'done' | 'cancelled' | 'error' | 'blocked'
  seq: number
  /** The turn's tool calls and their results, whole: no part of the frame, but of the record. */
  activities?: Activity[]
  body: { result?: TurnResult; error?: string; code?: string; message?: string; [field: string]: unknown }
}

/**
 * Ends a turn that this attempt still owns and gives back what is reserved for it; undefined when it does not: a newer
 * attempt or an end came first. An attempt that reserved nothing has spent nothing: what is reserved then is what the one
 * before it may have spent, beside what this settlement says it did.
 */
export async function settleTurn(
  settlement: TurnSettlement,
  { db }: Pick<Database, 'db'>,
): Promise<{ ended_at: Date } | undefined> {
  const { session_id, attempt, tokens } = settlement
  const { rows } = await sql<{ ended_at: Date }>`
    with dead as (
      select coalesce(sum(amount_usd), 0) as amount_usd, coalesce(sum(tokens), 0)::int as tokens
      from omni2.usage_reservations where session_id = ${session_id} and attempt < ${attempt}
    ), settled as (
      update omni2.turns turn set
        status = ${settlement.status}, answer = ${settlement.answer},
        result = ${JSON.stringify(settlement.terminal)}::jsonb, model = ${settlement.model},
        tokens_input = ${tokens ? tokens.input : null}, tokens_output = ${tokens ? tokens.output : null},
        tokens_cache_read = ${tokens ? tokens.cacheRead : null}, tokens_cache_write = ${tokens ? tokens.cacheWrite : null},
        cost_usd = ${settlement.cost_usd}, estimated = ${settlement.estimated},
        was_declined = ${settlement.was_declined},
        was_admitted = exists (select from omni2.usage_reservations where session_id = ${session_id}),
        abandoned_cost_usd = turn.abandoned_cost_usd + greatest(0, dead.amount_usd - ${settlement.cost_usd}::numeric),
        abandoned_tokens = turn.abandoned_tokens + greatest(0, dead.tokens - ${tokens ? tokens.input + tokens.output : 0}::int), ended_at = clock_timestamp()
      from dead
      where turn.session_id = ${session_id} and turn.attempt = ${attempt} and turn.status = 'running'
      returning turn.ended_at
    ), released as (
      delete from omni2.usage_reservations where session_id = ${session_id} and exists (select from settled)
    )
    select ended_at from settled
  `.execute(db)
  return rows[0]
}
