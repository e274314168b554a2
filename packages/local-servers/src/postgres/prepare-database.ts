import { Client } from 'pg'

const connectDeadlineMs = 5000

/** Resolves when Postgres accepts the login and answers a query. */
export async function probePostgres(url: string): Promise<void> {
  await withClient(url, (client) => client.query('select 1'))
}

/** Creates the database when it is missing, and pg_stat_statements in it. */
export async function prepareDatabase(adminUrl: string, name: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [name])
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
  })
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  await withClient(url.href, (client) => client.query('create extension if not exists pg_stat_statements'))
}

async function withClient<T>(url: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: connectDeadlineMs })
  // An error between queries reaches the caller as the next query's rejection.
  client.on('error', () => {})
  try {
    await client.connect()
    return await use(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}
