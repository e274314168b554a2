import { toolsReplySchema } from '@omni2/contracts'
import { noteServerHealth } from '@omni2/db'
import { makeAct } from '../change/make-act.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, ofServer } from '../schemas.ts'
import { findServer } from './read-servers.ts'
import { requestTools } from './request-tools.ts'

/** Counts as a change: it makes a worker connect to the server in the operator's name. */
export const testMcpServer = defineOperation({
  id: 'testMcpServer',
  method: 'POST',
  path: '/mcp-servers/{server}/test',
  summary: 'Has a worker ask an active MCP server for its tools, now; its health is noted.',
  params: ofServer,
  answer: changeOf(toolsReplySchema),
  handle: async ({ params: { server } }, context) => {
    await findServer(server, context.database)
    return makeAct(
      {
        action: 'mcp_server.test',
        target: { type: 'mcp_server', id: server },
        before: null,
        act: async () => {
          const found = await requestTools({ server }, context)
          await noteServerHealth(server, { isHealthy: found.reason === null }, context.database)
          return found
        },
      },
      context,
    )
  },
})
