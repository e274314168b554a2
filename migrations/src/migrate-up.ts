import { fillShippedPrices } from './fill-shipped-prices.ts'
import { finishRun } from './finish-run.ts'
import { grantServiceRole, type ServiceRole } from './grant-service-role.ts'
import { openMigrationSession } from './open-migration-session.ts'
import { refuseUnknownMigrations } from './refuse-unknown-migrations.ts'
import { restoreFlowConversationId } from './restore-flow-conversation-id.ts'

export interface MigrationReport {
  /** The migrations that ran, in their order. */
  readonly migrated: readonly string[]
  /** Columns and indexes that were rolled back by hand and are restored. */
  readonly restored: readonly string[]
  /** Models whose shipped price is new or another; absent where none is. */
  readonly priced?: readonly string[]
  /** Absent where no role of the services was named. */
  readonly serviceRole?: ServiceRole
}

/**
 * Brings the database up to date in one transaction; safe to run twice, and by several processes at once (they
 * wait for each other). The role of `serviceUrl` may then work with every table. Throws DatabaseUrlError, UnknownMigrationError, MigrationFailedError or what the
 * connection failed with.
 */
export async function migrateUp(databaseUrl: string, serviceUrl?: string): Promise<MigrationReport> {
  await using session = openMigrationSession(databaseUrl)
  await refuseUnknownMigrations(session.db)
  const migrated = finishRun(await session.migrator.migrateToLatest())
  const restored = await restoreFlowConversationId(session.db)
  const priced = await fillShippedPrices(session.db)
  const report = { migrated, restored, ...(priced.length > 0 ? { priced } : {}) }
  if (!serviceUrl) return report
  return { ...report, serviceRole: await grantServiceRole(session.db, serviceUrl) }
}
