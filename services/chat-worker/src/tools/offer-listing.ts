import { setImmediate as nextTurn } from 'node:timers/promises'
import { isToolName, type ToolNote } from '@omni2/contracts'
import { nameTool } from './name-tool.ts'
import { fitSchema } from './schemas/fit-schema.ts'
import { isRecord } from './schemas/subschemas.ts'
import { stripControls } from './strip-controls.ts'
import { ToolUnusableError } from './tool-errors.ts'
import type { OfferedTool } from './toolbox.ts'

/** The result of the list of a server. */
export interface Listing {
  /** The tools that models get, sorted by name. */
  tools: readonly OfferedTool[]
  /** The tools that are offered with changes, or not at all. */
  notes: readonly ToolNote[]
}

/** Characters of a description, and bytes of all tools of one server together, that a model is shown at most. */
const descriptionLength = 4096
const offeredMaxBytes = 262_144
/** Bytes of schemas of one server that are looked at, also of tools that are not offered in the end. */
const readMaxBytes = 1_048_576
/** Notes on one server, and characters of a name in them, that are kept for operators. */
const mostNotes = 1000
const shownLength = 128

/**
 * Reads each tool of a list separately: it is offered unchanged, adapted to the API of the model, or left out alone.
 */
export async function offerListing(
  listed: readonly unknown[],
  { server, maxTools }: { server: string; maxTools: number },
): Promise<Listing> {
  const offered = new Map<string, OfferedTool>()
  const notes: ToolNote[] = []
  let offeredBytes = 0
  let readBytes = 0
  const charge = (bytes: number) => {
    readBytes += bytes
    if (offered.size >= maxTools) throw new ToolUnusableError('its server has more tools than are offered')
    if (readBytes > readMaxBytes || offeredBytes > offeredMaxBytes)
      throw new ToolUnusableError('the tools of its server are too large together')
  }
  for (const described of listed.toSorted(byName)) {
    // A long list must not delay the turns of others.
    await nextTurn()
    try {
      const { tool, changes } = readTool(described, { server, charge })
      if (offered.has(tool.name)) throw new ToolUnusableError('another tool of its server has its name')
      offered.set(tool.name, tool)
      offeredBytes +=
        Buffer.byteLength(JSON.stringify(tool.inputSchema)) + Buffer.byteLength(tool.description)
      if (changes.length > 0) notes.push(noteMapped(tool, changes))
    } catch (error) {
      notes.push(noteLeftOut(described, error))
    }
  }
  return { tools: [...offered.values()], notes: notes.slice(0, mostNotes) }
}

function noteMapped({ tool, name }: OfferedTool, changes: readonly string[]): ToolNote {
  return { tool, state: 'mapped', offered_as: name, why: changes.join(', ') }
}

function noteLeftOut(described: unknown, error: unknown): ToolNote {
  if (!(error instanceof ToolUnusableError)) throw error
  const tool = stripControls(nameOf(described)).slice(0, shownLength)
  return { tool, state: 'left_out', offered_as: null, why: error.message }
}

interface ReadDeps {
  server: string
  charge: (bytes: number) => void
}

/** Reads the description of one tool; throws ToolUnusableError. */
function readTool(
  described: unknown,
  { server, charge }: ReadDeps,
): { tool: OfferedTool; changes: readonly string[] } {
  if (!isRecord(described)) throw new ToolUnusableError('it is no object')
  const { name: own, inputSchema: raw } = described
  if (typeof own !== 'string' || !isToolName(own))
    throw new ToolUnusableError('its name is not one that MCP allows')
  const { changes, ...schemas } = fitSchema(raw, charge)
  const annotations = isRecord(described['annotations']) ? described['annotations'] : {}
  const text = findText([described['description'], described['title'], annotations['title']]) ?? own
  const name = nameTool(server, own)
  const tool = {
    server,
    tool: own,
    name,
    description: text.slice(0, descriptionLength).toWellFormed(),
    ...schemas,
    // A tool that only reads is also idempotent, whatever the other hint is.
    repeatable: annotations['readOnlyHint'] === true || annotations['idempotentHint'] === true,
  }
  const isRenamed = name !== `${server}__${own}`
  const isCut = text.length > descriptionLength
  const more = [...(isRenamed ? ['name changed'] : []), ...(isCut ? ['description cut'] : [])]
  return { tool, changes: [...more, ...changes] }
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
