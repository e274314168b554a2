import type { Kysely } from 'kysely'
import { migrations } from './migrations.ts'
import { readExecutedMigrations } from './read-executed-migrations.ts'

/** The database has been migrated by a newer version than this one. */
export class UnknownMigrationError extends Error {
  override readonly name = 'UnknownMigrationError'
  readonly unknown: readonly string[]

  constructor(unknown: readonly string[]) {
    super(
      `the database has ${unknown.join(', ')}, which this version does not know: ` +
        'a newer version migrated it, and only that version or a later one may change it',
    )
    this.unknown = unknown
  }
}

/** Throws an UnknownMigrationError when the database has run what this version does not have. */
export async function refuseUnknownMigrations(db: Kysely<unknown>): Promise<void> {
  const executed = await readExecutedMigrations(db)
  const unknown = executed.map(({ name }) => name).filter((name) => !Object.hasOwn(migrations, name))
  if (unknown.length > 0) throw new UnknownMigrationError(unknown)
}
