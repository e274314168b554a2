import { Client } from 'pg'

/** Names the demo's MCP server in the database; a row that is there keeps everything but an address of an earlier start. */
const upsert = `
  insert into omni2.mcp_servers (name, url, description, protocol, timeout_seconds)
  values ('demo', $1, 'Tools to try: the reference MCP server', 'http', 60)
  on conflict (name) do update set url = excluded.url, updated_at = current_timestamp
    where mcp_servers.url like 'http://127.0.0.1:%'`

/** Puts the address of this start's demo tools into a seeded database. */
export async function insertDemoTools(databaseUrl: string, url: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  // An error between statements reaches the caller as the next statement's rejection.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(upsert, [url])
  } finally {
    await client.end()
  }
}
