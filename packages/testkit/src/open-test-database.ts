import { randomBytes } from 'node:crypto'
import { Pool, type QueryResultRow } from 'pg'
import { databaseUrl, dropDatabase, runSql } from './admin-sql.ts'
import { currentRun } from './test-run.ts'

export interface TestDatabase extends AsyncDisposable {
  readonly url: string
  /** Runs one statement and returns its rows. */
  query<Row extends QueryResultRow>(sql: string, params?: readonly unknown[]): Promise<Row[]>
}

/** Makes a database from the run's migrated template; disposing it ends all sessions in it and drops it. */
export async function openTestDatabase(): Promise<TestDatabase> {
  const { postgresUrl, templateDatabase } = currentRun()
  const name = `omni2_test_${randomBytes(6).toString('hex')}`
  // Copying files takes less than logging each page where nothing is synced to disk.
  await runSql(postgresUrl, `create database ${name} template ${templateDatabase} strategy file_copy`)
  const url = databaseUrl(postgresUrl, name)
  const pool = new Pool({ connectionString: url, max: 2 })
  // Tests end sessions on purpose; a query on a lost one rejects by itself.
  pool.on('error', () => {})
  return {
    url,
    query: async <Row extends QueryResultRow>(sql: string, params: readonly unknown[] = []) =>
      (await pool.query<Row>(sql, [...params])).rows,
    [Symbol.asyncDispose]: async () => {
      await pool.end()
      await dropDatabase(postgresUrl, name)
    },
  }
}
