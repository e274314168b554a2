import {
  decideTool,
  findServers,
  parseRestrictions,
  type ToolsReply,
  toolNoteSchema,
  type ToolRestrictions,
} from '@omni2/contracts'
import { listRegisteredServers } from '@omni2/db'
import { z } from 'zod'
import { requestTools } from '../mcp-servers/request-tools.ts'
import { defineOperation, type RequestContext } from '../request/operation.ts'
import { name } from '../schemas.ts'

const serverPreviewSchema = z.object({
  server: z.string(),
  permitted: z.boolean(),
  /** Why its tools are not known; then there are none here. */
  reason: z.string().nullable(),
  tools: z.array(
    z.object({
      tool: z.string(),
      permitted: z.boolean(),
      /** The rule that decides, as a turn records it. */
      rule: z.string(),
    }),
  ),
  /** Tools that a model cannot take as their server describes them. */
  notes: z.array(toolNoteSchema),
})

export const previewRole = defineOperation({
  id: 'previewRole',
  method: 'POST',
  path: '/roles/preview',
  isSafe: true,
  summary: 'Which tools a role with these rules would be offered, and the rule that decides each.',
  body: z.strictObject({
    mcp_access: z.array(name(100)).max(1000).nullable(),
    /** As it may be written, or as an older version stored it. */
    tool_restrictions: z.unknown(),
  }),
  answer: z.object({ servers: z.array(serverPreviewSchema) }),
  handle: async ({ body }, context) => {
    const registered = await listRegisteredServers(context.database)
    const active = registered.filter(({ status }) => status === 'active').map((server) => server.name)
    const { permitted, denied } = findServers(body.mcp_access, active)
    const rules = { servers: permitted, restrictions: parseRestrictions(body.tool_restrictions) }
    const preview = (server: string) => previewServer(server, rules, context)
    return { servers: await Promise.all([...permitted, ...denied].map(preview)) }
  },
})

interface Rules {
  readonly servers: readonly string[]
  readonly restrictions: ToolRestrictions
}

async function previewServer(server: string, rules: Rules, context: RequestContext) {
  const { tools, notes = [], reason } = await listTools(server, context)
  return {
    server,
    permitted: rules.servers.includes(server),
    reason,
    tools: tools.map((tool) => Object.assign({ tool }, decideTool({ server, name: tool }, rules))),
    notes,
  }
}

/** As a worker remembers them: each key that an operator presses asks. */
const listTools = (server: string, context: RequestContext): Promise<ToolsReply> =>
  requestTools({ server, fresh: false }, context).catch((err: unknown) => {
    context.log.info({ err, server }, 'tools not known for a preview')
    return { tools: [], reason: 'no worker answers' }
  })
