import { createHash } from 'node:crypto'

/** Longest tool name that the model's API takes. */
const nameLength = 64
const hashLength = 12

const plainWord = /^[A-Za-z0-9_-]+$/
const hashedName = /_h[0-9a-f]{12}$/

/**
 * The model's name of a server's tool: `server__tool` where that is a valid name and can be read back, else its
 * readable part and a hash. It depends on nothing but the two, so adding a server renames no tool.
 */
export function nameTool(server: string, tool: string): string {
  const name = `${server}__${tool}`
  return isReversible(server, name) ? name : hashName(server, tool)
}

/** Names are cut at the first `__`: a server whose own name holds or meets one would be cut elsewhere. */
const isReversible = (server: string, name: string): boolean =>
  plainWord.test(name) &&
  name.length <= nameLength &&
  server !== '' &&
  !server.includes('__') &&
  !server.endsWith('_') &&
  !hashedName.test(name) &&
  name !== `${server}__`

function hashName(server: string, tool: string): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([server, tool]))
    .digest('hex')
  const suffix = `_h${hash.slice(0, hashLength)}`
  const readable = `${server}__${tool}`.replaceAll(/[^A-Za-z0-9_-]/g, '_')
  return readable.slice(0, nameLength - suffix.length) + suffix
}

/** The tool that a name of the model means among those it was offered. */
export const findTool = <T extends { name: string }>(name: string, offered: readonly T[]): T | undefined =>
  offered.find((tool) => tool.name === name)
