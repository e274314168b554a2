import { finishRun } from './finish-run.ts'
import { openMigrationSession } from './open-migration-session.ts'
import { refuseUnknownMigrations } from './refuse-unknown-migrations.ts'
import { restoreFlowConversationId } from './restore-flow-conversation-id.ts'

export interface MigrationReport {
  /** The migrations that ran, in their order. */
  readonly migrated: readonly string[]
  /** Columns and indexes that somebody had rolled back by hand and that are there again. */
  readonly restored: readonly string[]
}

/**
 * Brings the database up to date in one transaction; safe to run twice, and by several processes at once (they
 * wait for each other). Throws DatabaseUrlError, UnknownMigrationError, MigrationFailedError or what the
 * connection failed with.
 */
export async function migrateUp(databaseUrl: string): Promise<MigrationReport> {
  await using session = openMigrationSession(databaseUrl)
  await refuseUnknownMigrations(session.db)
  const migrated = finishRun(await session.migrator.migrateToLatest())
  const restored = await restoreFlowConversationId(session.db)
  return { migrated, restored }
}
