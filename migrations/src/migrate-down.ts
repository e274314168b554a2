import { finishRun } from './finish-run.ts'
import type { MigrationReport } from './migrate-up.ts'
import { openMigrationSession } from './open-migration-session.ts'
import { refuseUnknownMigrations } from './refuse-unknown-migrations.ts'

/** Undoes the newest migration, if any has run. Throws as `migrateUp` does. */
export async function migrateDown(databaseUrl: string): Promise<MigrationReport> {
  await using session = openMigrationSession(databaseUrl)
  await refuseUnknownMigrations(session.db)
  return { migrated: finishRun(await session.migrator.migrateDown()), restored: [] }
}
