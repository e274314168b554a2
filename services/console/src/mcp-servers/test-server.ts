import { toolsReplySchema } from '@omni2/contracts'
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
  summary: 'Has a worker ask an active MCP server for its tools, now.',
  params: ofServer,
  answer: changeOf(toolsReplySchema),
  handle: async ({ params: { server } }, context) => {
    await findServer(server, context.database)
    return makeAct(
      {
        action: 'mcp_server.test',
        target: { type: 'mcp_server', id: server },
        before: null,
        act: () => requestTools({ server }, context),
      },
      context,
    )
  },
})
