import { Kysely, PostgresDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import { Pool } from 'pg'
import { parseDatabaseUrl } from './database-url.ts'
import { migrations } from './migrations.ts'

/** How long to wait for a connection before the server counts as away. */
const connectTimeoutMs = 10_000

/**
 * How long a statement waits for a lock before the run fails and is undone: a migration that queues behind a
 * long transaction makes all other sessions queue behind the migration. `?lock_timeout=` in the URL overrides it.
 */
const lockTimeoutMs = 30_000

export interface MigrationSession extends AsyncDisposable {
  readonly db: Kysely<unknown>
  readonly migrator: Migrator
}

/** Opens one connection for one run of migrations; nothing is sent before the first statement. */
export function openMigrationSession(databaseUrl: string): MigrationSession {
  const pool = new Pool({
    connectionString: parseDatabaseUrl(databaseUrl).href,
    max: 1,
    application_name: 'omni2-migrations',
    connectionTimeoutMillis: connectTimeoutMs,
    lock_timeout: lockTimeoutMs,
  })
  surviveLostConnections(pool)
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  const provider = { getMigrations: async () => migrations }
  const migrator = new Migrator({ db, provider, migrationTableSchema: 'omni2' })
  return { db, migrator, [Symbol.asyncDispose]: () => pool.end() }
}

/** A connection that dies between two statements raises an event; the next statement fails and reports it. */
function surviveLostConnections(pool: Pool): void {
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
}
