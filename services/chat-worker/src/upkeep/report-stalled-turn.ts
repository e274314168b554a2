import { noteStall, openDatabase } from '@omni2/db'

/** The facts of the worker for a report. */
export interface StallData {
  databaseUrl: string
  worker: string
}

const statementTimeoutMs = 2000

/**
 * Runs on the thread of the watchdog when the event loop of the worker stalls. It records in the row of the turn that
 * this turn stalled a worker, so that it does not stall one worker after another.
 */
export async function reportStall({ databaseUrl, worker }: StallData, turnId: string): Promise<void> {
  if (turnId === '') return
  await using database = openDatabase({
    url: databaseUrl,
    poolMax: 1,
    applicationName: worker,
    statementTimeoutMs,
    onPoolError: () => {},
  })
  await noteStall({ turnId, worker }, database)
}
