import type { Selectable } from 'kysely'
import type { Database } from '../open-database.ts'
import type { McpServers } from '../schema/mcp-servers.ts'

const columns = [
  'name',
  'url',
  'protocol',
  'timeout_seconds',
  'max_retries',
  'retry_delay_seconds',
  'auth_type',
  'auth_config',
] as const

/** What a worker needs to use an MCP server; `auth_config` is unparsed and secret. */
export type McpServerRow = Readonly<Pick<Selectable<McpServers>, (typeof columns)[number]>>

/** The active MCP servers by name. */
export function listMcpServers({ db }: Pick<Database, 'db'>): Promise<McpServerRow[]> {
  return db
    .selectFrom('omni2.mcp_servers')
    .select(columns)
    .where('status', '=', 'active')
    .orderBy('name')
    .execute()
}
