import { Kysely, PostgresDialect } from 'kysely'
import { Pool, type PoolClient } from 'pg'
import { discardSessions, probeSession } from './discard-sessions.ts'
import { getTypeParser } from './parse-column.ts'
import { prepareStatements } from './prepare-statements.ts'
import { requireWritable } from './require-writable.ts'
import type { Schema } from './schema/schema.ts'
import { addSessionOptions } from './session-options.ts'

/** How long to wait for a free or a new connection before the caller gets an error. */
const connectTimeoutMs = 5_000

/** How much longer than the server's own statement timeout to wait for an answer before the connection is given up. */
const answerGraceMs = 1_000

export interface DatabaseOptions {
  readonly url: string
  /** Connections at most; callers beyond it wait up to 5 s for one, then get an error. */
  readonly poolMax: number
  /** Shown in `pg_stat_activity`. */
  readonly applicationName: string
  /** The server cancels a statement, and ends a transaction that sits idle, after this. */
  readonly statementTimeoutMs: number
  /** Statements that each connection keeps prepared, at most; default 0, for poolers between that cannot. */
  readonly preparedStatements?: number
  /** Called for each lost connection; a statement running on it also throws. */
  readonly onPoolError: (error: Error) => void
}

export interface Database extends AsyncDisposable {
  readonly db: Kysely<Schema>
  /** Throws unless a statement could write now. */
  probe: () => Promise<void>
  /** Connections of the pool right now, and callers that wait for one. */
  countConnections: () => { busy: number; idle: number; waiting: number }
}

/**
 * Opens a bounded pool of sessions that can write; nothing connects before the first statement. Dispose waits for running
 * statements.
 */
export function openDatabase(options: DatabaseOptions): Database {
  let closed: Promise<void> | undefined
  // A server that goes away during the close loses nothing.
  const reportLoss = (error: Error) => (closed === undefined ? options.onPoolError(error) : undefined)
  const pool = openPool(options, reportLoss)
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  return {
    db,
    probe: () => probeSession(pool),
    countConnections: () => ({
      busy: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    [Symbol.asyncDispose]: () => (closed ??= pool.end()),
  }
}

function openPool(options: DatabaseOptions, reportLoss: (error: Error) => void): Pool {
  const { url, poolMax, applicationName, statementTimeoutMs, preparedStatements = 0 } = options
  const names = new Map<string, string>()
  const pool = new Pool({
    connectionString: addSessionOptions(url),
    max: poolMax,
    application_name: applicationName,
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + answerGraceMs,
    keepAlive: true,
    types: { getTypeParser },
    verify: (client, done) => void verifySession(client, done),
  })
  // The pool handles errors of idle connections only; one lost between two statements of a transaction would end the process.
  pool.on('connect', (client) => {
    client.on('error', reportLoss)
    prepareStatements(client, names, preparedStatements)
  })
  pool.on('error', () => {})
  discardSessions(pool)
  return pool
}

/** The pool's way to refuse a new session. */
async function verifySession(client: PoolClient, done: (error?: Error) => void): Promise<void> {
  try {
    await requireWritable(client)
  } catch (error) {
    return done(error instanceof Error ? error : new Error(String(error)))
  }
  done()
}
