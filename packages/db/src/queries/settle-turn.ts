import type { TurnEnd, TurnResult } from '@omni2/contracts'
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
}

/** What `omni2.turns.result` holds of an ended turn. */
export interface StoredTerminal {
  type: 'done' | 'cancelled' | 'error' | 'blocked'
  seq: number
  body: { result?: TurnResult; error?: string; code?: string; message?: string; [field: string]: unknown }
}

/** Ends a turn that this attempt still owns; undefined when it does not: a newer attempt or an end came first. */
export async function settleTurn(
  settlement: TurnSettlement,
  { db }: Pick<Database, 'db'>,
): Promise<{ ended_at: Date } | undefined> {
  const { tokens } = settlement
  const { rows } = await sql<{ ended_at: Date }>`
    update omni2.turns set
      status = ${settlement.status}, answer = ${settlement.answer},
      result = ${JSON.stringify(settlement.terminal)}::jsonb, model = ${settlement.model},
      tokens_input = ${tokens ? tokens.input : null}, tokens_output = ${tokens ? tokens.output : null},
      tokens_cache_read = ${tokens ? tokens.cacheRead : null}, tokens_cache_write = ${tokens ? tokens.cacheWrite : null},
      cost_usd = ${settlement.cost_usd}, estimated = ${settlement.estimated}, ended_at = clock_timestamp()
    where session_id = ${settlement.session_id} and attempt = ${settlement.attempt} and status = 'running'
    returning ended_at
  `.execute(db)
  return rows[0]
}
