import { requests, toolCallReplySchema } from '@omni2/contracts'
import { z } from 'zod'
import { makeAct } from '../change/make-act.ts'
import { defineOperation } from '../request/operation.ts'
import { changeOf, name, ofServer } from '../schemas.ts'
import { findServer } from './read-servers.ts'

/** A worker gives a call 20 seconds, and 5 to list the tools before. */
const timeoutMs = 27_000

/** Counts as a change: what the tool does, it does in the operator's name. */
export const callMcpTool = defineOperation({
  id: 'callMcpTool',
  method: 'POST',
  path: '/mcp-servers/{server}/call',
  summary: 'Has a worker call a tool as a model would, with the rights of who asks.',
  params: ofServer,
  body: z.strictObject({
    /** As its server calls it. */
    tool: name(200),
    arguments: z.record(z.string(), z.unknown()).default({}),
  }),
  answer: changeOf(toolCallReplySchema),
  handle: async ({ params: { server }, body }, context) => {
    await findServer(server, context.database)
    const { userId: user_id, sid } = context.actor
    return makeAct(
      {
        action: 'mcp_server.call',
        target: { type: 'mcp_server', id: `${server}.${body.tool}`.slice(0, 200) },
        before: null,
        act: () => context.bus.request(requests.toolCall, { server, ...body, user_id, sid }, { timeoutMs }),
      },
      context,
    )
  },
})
