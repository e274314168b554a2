import type { TurnMessage } from '@omni2/contracts'
import {
  claimTurn as claimRow,
  conversationLease,
  isUniqueViolation,
  loadTurnContext,
  type ClaimedTurn,
  type Database,
  type TurnContext,
} from '@omni2/db'
import type { EndedTurn } from './announce-end.ts'
import type { Config } from './config.ts'
import type { FlowLog } from './flow-log.ts'
import type { TurnEnding } from './make-ending.ts'
import type { Prices } from './model/prices.ts'
import { settleMarginMs } from './turn-stop.ts'
import { settleEnding } from './settle-ending.ts'

interface ClaimDeps {
  database: Pick<Database, 'db'>
  config: Pick<Config, 'TURN_DEADLINE_MS' | 'TURN_ATTEMPTS' | 'MODEL_HISTORY_TURNS'>
  prices: Pick<Prices, 'input'>
  worker: string
}

/** How long a claim that refuses waits for its checks to be stored, with the user's row locked; then it is claimed anew. */
const storeTimeoutMs = 3000

/** A claimed turn and everything it is checked by. */
export interface Claimed extends ClaimedTurn {
  context: TurnContext
}

/** What the checks came to, and where they are recorded. */
export interface Checked {
  /** Undefined: it may run. */
  ending: TurnEnding | undefined
  log: FlowLog
}

/** What a claim came to: the turn runs here, or ended with the claim, or is not for this worker to run. */
export type Claim =
  | { state: 'running'; claimed: Claimed; log: FlowLog }
  | { state: 'settled'; ended: EndedTurn }
  | { state: 'exhausted'; attempt: number }
  | { state: 'busy' }
  | { state: 'ended' }

/**
 * Claims a turn and checks in the same transaction whether it may run: what the checks read cannot change under them, and
 * a refused or cancelled turn ends with its claim. Checks are stored before that.
 */
export async function claimTurn(
  turn: TurnMessage,
  check: (claimed: Claimed) => Checked,
  { database, config, prices, worker }: ClaimDeps,
): Promise<Claim> {
  try {
    return await database.db.transaction().execute(async (db): Promise<Claim> => {
      const inputPrice = prices.input
      const row = await claimRow(
        turn,
        { worker, deadlineMs: config.TURN_DEADLINE_MS + settleMarginMs, inputPrice },
        { db },
      )
      if (!row) return { state: 'ended' }
      if (row.attempt > config.TURN_ATTEMPTS) return { state: 'exhausted', attempt: row.attempt }
      const context = await loadTurnContext(turn, { historyTurns: config.MODEL_HISTORY_TURNS }, { db })
      const claimed = { ...row, context }
      const { ending, log } = check(claimed)
      if (!ending) return { state: 'running', claimed, log }
      await log.stored(AbortSignal.timeout(storeTimeoutMs))
      const ended = await settleEnding(turn, ending, { attempt: row.attempt, seq: 1 }, { db })
      return ended ? { state: 'settled', ended } : { state: 'ended' }
    })
  } catch (error) {
    if (isUniqueViolation(error, conversationLease)) return { state: 'busy' }
    throw error
  }
}
