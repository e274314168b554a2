import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

export interface RegisteredServer {
  readonly name: string
  readonly url: string
  readonly description: string | null
  readonly status: string | null
  readonly protocol: string | null
  readonly timeout_seconds: number | null
  readonly auth_type: string | null
  /** Holds secrets. */
  readonly auth_config: unknown
  readonly health_status: string | null
  readonly last_health_check: Date | null
}

/** The part of a server that operators write. */
export type RegisteredServerFields = Omit<RegisteredServer, 'name' | 'health_status' | 'last_health_check'>

const selectServers = sql`
  select name, url, description, status, protocol, timeout_seconds, auth_type, auth_config,
    health_status, last_health_check
  from omni2.mcp_servers`

/** Every MCP server by name; deployments have few. */
export async function listRegisteredServers({ db }: Pick<Database, 'db'>): Promise<RegisteredServer[]> {
  return (await sql<RegisteredServer>`${selectServers} order by name limit 1000`.execute(db)).rows
}

/** One MCP server; undefined when there is none. */
export async function loadMcpServer(
  name: string,
  { db }: Pick<Database, 'db'>,
): Promise<RegisteredServer | undefined> {
  return (await sql<RegisteredServer>`${selectServers} where name = ${name}`.execute(db)).rows[0]
}

/** Adds or replaces an MCP server. */
export async function saveMcpServer(
  name: string,
  server: RegisteredServerFields,
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  const authConfig = server.auth_config == null ? null : JSON.stringify(server.auth_config)
  await sql`
    insert into omni2.mcp_servers
      (name, url, description, status, protocol, timeout_seconds, auth_type, auth_config)
    values (${name}, ${server.url}, ${server.description}, ${server.status}, ${server.protocol},
      ${server.timeout_seconds}, ${server.auth_type}, ${authConfig}::jsonb)
    on conflict (name) do update set
      url = excluded.url, description = excluded.description, status = excluded.status,
      protocol = excluded.protocol, timeout_seconds = excluded.timeout_seconds,
      auth_type = excluded.auth_type, auth_config = excluded.auth_config, updated_at = now()
  `.execute(db)
}

/** Notes whether a worker could list the tools of a server just now. */
export async function noteServerHealth(
  name: string,
  { isHealthy }: { readonly isHealthy: boolean },
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    update omni2.mcp_servers set health_status = ${isHealthy ? 'healthy' : 'unhealthy'},
      last_health_check = now() at time zone 'UTC'
    where name = ${name}
  `.execute(db)
}

/** Deletes an MCP server. */
export async function deleteMcpServer(name: string, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`delete from omni2.mcp_servers where name = ${name}`.execute(db)
}
