import { noteStall, openDatabase } from '@omni2/db'

/** What a report needs of its worker. */
export interface StallData {
  databaseUrl: string
  worker: string
}

const statementTimeoutMs = 2000

/**
 * Called on the watchdog's thread when the worker's event loop stands still: notes in the turn's row that its work did
 * that to a worker, so that it does not go on to stop one worker after the other.
 */
export async function reportStall({ databaseUrl, worker }: StallData, sessionId: string): Promise<void> {
  if (sessionId === '') return
  await using database = openDatabase({
    url: databaseUrl,
    poolMax: 1,
    applicationName: worker,
    statementTimeoutMs,
    onPoolError: () => {},
  })
  await noteStall({ sessionId, worker }, database)
}
