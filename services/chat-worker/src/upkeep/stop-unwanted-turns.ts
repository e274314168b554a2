import { listRunningTurns, type Database } from '@omni2/db'
import type { DatabaseGate } from '../signals/database-gate.ts'
import type { LiveTurns } from '../attempt/live-turns.ts'

interface StopDeps {
  readonly liveTurns: Pick<LiveTurns, 'attempts'>
  readonly database: Pick<Database, 'db'>
  readonly gate: Pick<DatabaseGate, 'retryWhileAway'>
}

/** Stops the turns of this worker whose rows contain a cancel that did not reach their attempts. */
export async function stopUnwantedTurns({ liveTurns, database, gate }: StopDeps): Promise<void> {
  const attempts = liveTurns.attempts()
  if (attempts.length === 0) return
  const ids = attempts.map(({ turnId }) => turnId)
  const running = await gate.retryWhileAway(() => listRunningTurns(ids, database))
  const unwanted = new Map(
    running.flatMap((row) => (row.is_cancel_requested ? [[row.session_id, row.attempt]] : [])),
  )
  for (const attempt of attempts)
    if (unwanted.get(attempt.turnId) === attempt.number) attempt.stop('cancelled')
}
