import { migrateUp } from '@omni2/migrations'
import { OperatorError } from '@omni2/cli/operator-error'
import type { Progress } from './output/progress.ts'

/** Brings the database up to date and reports what ran. */
export async function migrateDatabase(
  { databaseUrl, serviceUrl }: { databaseUrl: string; serviceUrl: string },
  { progress }: { progress: Progress },
): Promise<void> {
  await progress.step('migrations', async (log) => {
    const { migrated, restored, priced = [], serviceRole } = await runMigrations(databaseUrl, serviceUrl)
    if (migrated.length > 0) log(`${migrated.length} applied`)
    if (restored.length > 0) log(`restored ${restored.join(', ')}`)
    if (priced.length > 0) log(`prices as shipped for ${priced.length} models`)
    if (serviceRole === 'shared')
      log('the services log in as the owner of the tables; give DATABASE_SERVICE_URL a role of its own')
  })
}

async function runMigrations(databaseUrl: string, serviceUrl: string) {
  try {
    return await migrateUp(databaseUrl, serviceUrl)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OperatorError(`the database cannot be migrated: ${reason}`, { cause })
  }
}
