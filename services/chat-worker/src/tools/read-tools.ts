import type { Client } from '@modelcontextprotocol/client'
import { z } from 'zod'
import { listRawTools } from './list-raw-tools.ts'
import { isToolName } from '@omni2/contracts'
import { nameTool } from './name-tool.ts'
import { stripControls } from './strip-controls.ts'
import type { OfferedTool } from './toolbox.ts'

/** Characters of a description, and bytes of a schema, that a model is shown at most. */
const descriptionLength = 4096
const schemaMaxBytes = 65_536

/** What is read of a tool; everything else of it may be as odd as it likes. */
const toolSchema = z.object({
  name: z.string().refine(isToolName),
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  inputSchema: z.record(z.string(), z.unknown()),
  annotations: z
    .object({
      title: z.string().optional().catch(undefined),
      readOnlyHint: z.boolean().optional().catch(undefined),
      idempotentHint: z.boolean().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
})

type Tool = z.infer<typeof toolSchema>

interface ReadOptions {
  server: string
  maxTools: number
  timeoutMs: number
  maxPages: number
}

/** The tools of one server, sorted by name; those beyond `maxTools` and those that no model could use are left out. */
export async function readTools(
  client: Client,
  { server, maxTools, ...options }: ReadOptions,
): Promise<OfferedTool[]> {
  const tools = (await listRawTools(client, options)).flatMap((raw) => toolSchema.safeParse(raw).data ?? [])
  const usable = new Map(tools.filter(isUsable).map((tool) => [tool.name, tool]))
  return [...usable.values()]
    .map((tool) => offerTool(server, tool))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, maxTools)
}

const isUsable = ({ inputSchema }: Tool): boolean =>
  Buffer.byteLength(JSON.stringify(inputSchema)) <= schemaMaxBytes

function offerTool(
  server: string,
  { name, title, description, inputSchema, annotations }: Tool,
): OfferedTool {
  const text = stripControls(description ?? title ?? annotations?.title ?? name)
  return {
    server,
    tool: name,
    name: nameTool(server, name),
    description: text.slice(0, descriptionLength).toWellFormed(),
    inputSchema,
    // What only reads is idempotent as well, whatever the other hint says.
    repeatable: annotations?.readOnlyHint === true || annotations?.idempotentHint === true,
  }
}
