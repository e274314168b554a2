import { setImmediate as nextTurn } from 'node:timers/promises'
import { isToolName, type ToolNote } from '@omni2/contracts'
import { nameTool } from './name-tool.ts'
import { fitSchema } from './schemas/fit-schema.ts'
import { isRecord } from './schemas/subschemas.ts'
import { stripControls } from './strip-controls.ts'
import { ToolUnusableError } from './tool-errors.ts'
import type { OfferedTool } from './toolbox.ts'

/** What a server's list comes to. */
export interface Listing {
  /** What models are offered, sorted by name. */
  tools: readonly OfferedTool[]
  /** Which of its tools are offered otherwise than it describes them, or not at all. */
  notes: readonly ToolNote[]
}

/** Characters of a description, and bytes of all tools of one server together, that a model is shown at most. */
const descriptionLength = 4096
const listingMaxBytes = 262_144
/** Characters of a name that is shown to operators. */
const shownLength = 128

/** Looks at each tool of a list by itself: it is offered as it is, or as the model's API takes it, or it alone is left out. */
export async function offerListing(
  listed: readonly unknown[],
  { server, maxTools }: { server: string; maxTools: number },
): Promise<Listing> {
  const tools: OfferedTool[] = []
  const notes: ToolNote[] = []
  let bytes = 0
  const admit = (tool: OfferedTool) => {
    if (tools.some(({ name }) => name === tool.name))
      throw new ToolUnusableError('another tool of its server has its name')
    if (tools.length >= maxTools) throw new ToolUnusableError('its server has more tools than are offered')
    bytes += Buffer.byteLength(JSON.stringify(tool))
    if (bytes > listingMaxBytes) throw new ToolUnusableError('the tools of its server are too large together')
    tools.push(tool)
  }
  for (const described of listed.toSorted(byName)) {
    // A long list does not hold up the turns of others.
    await nextTurn()
    notes.push(...offerTool(server, described, admit))
  }
  return { tools, notes }
}

/** What is to be said of a tool after it was read and, if nothing is against it, admitted. */
function offerTool(server: string, described: unknown, admit: (tool: OfferedTool) => void): ToolNote[] {
  const tool = showName(described)
  try {
    const { offered, changes } = readTool(server, described)
    admit(offered)
    const mapped = { tool, state: 'mapped', offered_as: offered.name, why: changes.join(', ') } as const
    return changes.length === 0 ? [] : [mapped]
  } catch (error) {
    if (!(error instanceof ToolUnusableError)) throw error
    return [{ tool, state: 'left_out', offered_as: null, why: error.message }]
  }
}

/** Reads what a server says of one tool; throws ToolUnusableError. */
function readTool(server: string, described: unknown): { offered: OfferedTool; changes: readonly string[] } {
  if (!isRecord(described)) throw new ToolUnusableError('it is no object')
  const { name: tool, inputSchema: raw } = described
  if (typeof tool !== 'string' || !isToolName(tool))
    throw new ToolUnusableError('its name is not one that MCP allows')
  const { changes, ...schemas } = fitSchema(raw)
  const annotations = isRecord(described['annotations']) ? described['annotations'] : {}
  const text = findText([described['description'], described['title'], annotations['title']]) ?? tool
  const name = nameTool(server, tool)
  const offered = {
    server,
    tool,
    name,
    description: text.slice(0, descriptionLength).toWellFormed(),
    ...schemas,
    // What only reads is idempotent as well, whatever the other hint says.
    repeatable: annotations['readOnlyHint'] === true || annotations['idempotentHint'] === true,
  }
  const isRenamed = name !== `${server}__${tool}`
  const isCut = text.length > descriptionLength
  const more = [...(isRenamed ? ['name changed'] : []), ...(isCut ? ['description cut'] : [])]
  return { offered, changes: [...more, ...changes] }
}

/** The first of them that says something. */
const findText = (texts: readonly unknown[]): string | undefined =>
  texts
    .map((text) => (typeof text === 'string' ? stripControls(text) : ''))
    .find((text) => text.trim() !== '')

const nameOf = (described: unknown): string =>
  isRecord(described) && typeof described['name'] === 'string' ? described['name'] : ''

const byName = (one: unknown, other: unknown): number =>
  nameOf(one) < nameOf(other) ? -1 : Number(nameOf(one) > nameOf(other))

const showName = (described: unknown): string => stripControls(nameOf(described)).slice(0, shownLength)
