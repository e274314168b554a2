import { migrateUp } from '@omni2/migrations'
import { OperatorError } from './operator-error.ts'
import type { Progress } from './output/progress.ts'

/** Brings the database up to date and says what that took. */
export async function migrateDatabase(
  databaseUrl: string,
  { progress }: { progress: Progress },
): Promise<void> {
  await progress.step('migrations', async (log) => {
    const { migrated, restored } = await runMigrations(databaseUrl)
    if (migrated.length > 0) log(`${migrated.length} applied`)
    if (restored.length > 0) log(`restored ${restored.join(', ')}`)
  })
}

async function runMigrations(databaseUrl: string) {
  try {
    return await migrateUp(databaseUrl)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError(`the database cannot be migrated: ${reason}`, { cause })
  }
}
