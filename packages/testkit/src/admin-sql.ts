import { Client } from 'pg'

/** Runs one statement on a connection of its own. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(sql)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Drops a database of the server, ending the sessions in it. */
export function dropDatabase(adminUrl: string, name: string): Promise<void> {
  return runSql(adminUrl, `drop database if exists ${name} with (force)`)
}

/** The same server and login, another database. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}
