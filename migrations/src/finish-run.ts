import type { MigrationResultSet } from 'kysely/migration'

/** A migration failed; the whole run was one transaction and is undone. `cause` is the database's error. */
export class MigrationFailedError extends Error {
  override readonly name = 'MigrationFailedError'
  readonly migration: string

  constructor(migration: string, cause: unknown) {
    super(`${migration} failed and the run was undone`, { cause })
    this.migration = migration
  }
}

/** The names of the migrations that ran; throws what went wrong, naming the migration where it was one. */
export function finishRun({ results = [], error }: MigrationResultSet): string[] {
  const failed = results.find(({ status }) => status === 'Error')
  if (failed !== undefined) throw new MigrationFailedError(failed.migrationName, error)
  if (error !== undefined) throw error
  return results.map(({ migrationName }) => migrationName)
}
