import { subjects, toolsReplySchema, type ToolsRequest } from '@omni2/contracts'
import { z } from 'zod'
import { makeChange } from '../make-change.ts'
import { defineOperation } from '../operation.ts'
import { changeOf, ofServer } from '../schemas.ts'
import { findServer } from './read-servers.ts'

const testSchema = z.object({
  /** Names of its tools. */
  tools: z.array(z.string()),
  /** Why they are not known; null: they are. */
  reason: z.string().nullable(),
})

/** Counts as a change: it makes a worker connect to the server in the operator's name. */
export const testMcpServer = defineOperation({
  id: 'testMcpServer',
  method: 'POST',
  path: '/mcp-servers/{server}/test',
  summary: 'Has a worker ask an active MCP server for its tools, now.',
  params: ofServer,
  answer: changeOf(testSchema),
  handle: async ({ params: { server } }, context) => {
    await findServer(server, context.database)
    const options = { reply: toolsReplySchema, timeoutMs: context.config.CONSOLE_TOOLS_TIMEOUT_MS }
    const request = { server } satisfies ToolsRequest
    const found = await context.bus.request(subjects.tools, request, options)
    let isTested = false
    return makeChange(
      {
        action: 'mcp_server.test',
        target: { type: 'mcp_server', id: server },
        read: async () => (isTested ? found : null),
        write: async () => {
          isTested = true
        },
        announce: () => [],
      },
      context,
    )
  },
})
