import { listRegisteredServers, loadMcpServer, type Database, type RegisteredServer } from '@omni2/db'
import { ConsoleRefused } from '../console-refused.ts'
import { defineOperation } from '../request/operation.ts'
import { listOf, ofServer } from '../schemas.ts'
import { maskServer } from './mask-server.ts'
import { mcpServerSchema } from './server-schemas.ts'

export const listMcpServers = defineOperation({
  id: 'listMcpServers',
  method: 'GET',
  path: '/mcp-servers',
  summary: 'Every MCP server, its credentials masked.',
  answer: listOf(mcpServerSchema),
  handle: async (_input, { database }) => ({
    items: (await listRegisteredServers(database)).map(maskServer),
  }),
})

export const getMcpServer = defineOperation({
  id: 'getMcpServer',
  method: 'GET',
  path: '/mcp-servers/{server}',
  summary: 'An MCP server by its name, its credentials masked.',
  versioned: true,
  params: ofServer,
  answer: mcpServerSchema,
  handle: async ({ params: { server } }, { database }) => maskServer(await findServer(server, database)),
})

/** One server with its credentials; throws ConsoleRefused when there is none. */
export async function findServer(name: string, database: Pick<Database, 'db'>): Promise<RegisteredServer> {
  const server = await loadMcpServer(name, database)
  if (server === undefined) throw new ConsoleRefused('not_found', { text: `There is no MCP server ${name}.` })
  return server
}
