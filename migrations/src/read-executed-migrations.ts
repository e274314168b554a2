import { type Kysely, sql } from 'kysely'

export interface ExecutedMigration {
  readonly name: string
  readonly executedAt: Date
}

/** What the database says has run, oldest first; nothing on a database that was never migrated. */
export async function readExecutedMigrations(db: Kysely<unknown>): Promise<ExecutedMigration[]> {
  if (!(await hasMigrationTable(db))) return []
  const { rows } = await sql<{ name: string; timestamp: string }>`
    select name, timestamp from omni2.kysely_migration order by timestamp, name
  `.execute(db)
  return rows.map(({ name, timestamp }) => ({ name, executedAt: new Date(timestamp) }))
}

async function hasMigrationTable(db: Kysely<unknown>): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select to_regclass('omni2.kysely_migration') is not null as found
  `.execute(db)
  return rows[0]?.found === true
}
