import { migrations } from './migrations.ts'
import { openMigrationSession } from './open-migration-session.ts'
import { type ExecutedMigration, readExecutedMigrations } from './read-executed-migrations.ts'
import { findMissingParts } from './restore-flow-conversation-id.ts'

export interface MigrationStatus {
  readonly name: string
  /** `incomplete`: applied, then partly rolled back by hand; `unknown`: applied by a newer version. */
  readonly state: 'applied' | 'incomplete' | 'pending' | 'unknown'
  readonly appliedAt?: Date
}

/** Every migration that this version or the database knows, in order; changes nothing. */
export async function migrationStatus(databaseUrl: string): Promise<MigrationStatus[]> {
  await using session = openMigrationSession(databaseUrl)
  const executed = await readExecutedMigrations(session.db)
  const missing = await findMissingParts(session.db)
  const names = new Set([...Object.keys(migrations), ...executed.map(({ name }) => name)])
  return Array.from(names)
    .toSorted()
    .map((name) => describeMigration(name, { executed, incomplete: missing.length > 0 }))
}

interface Found {
  readonly executed: readonly ExecutedMigration[]
  readonly incomplete: boolean
}

function describeMigration(name: string, { executed, incomplete }: Found): MigrationStatus {
  const run = executed.find((migration) => migration.name === name)
  if (run === undefined) return { name, state: 'pending' }
  return { name, state: stateOfApplied(name, incomplete), appliedAt: run.executedAt }
}

function stateOfApplied(name: string, incomplete: boolean): MigrationStatus['state'] {
  if (!Object.hasOwn(migrations, name)) return 'unknown'
  return incomplete && name === '0011-flow-conversation-id' ? 'incomplete' : 'applied'
}
