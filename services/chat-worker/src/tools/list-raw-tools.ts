import type { Client } from '@modelcontextprotocol/client'
import { z } from 'zod'
import { takeResult } from './wire/read-message.ts'
import { ListingTooLongError } from './tool-errors.ts'

/** A page as it came: whether each tool on it can be read is asked of each alone. */
const pageSchema = z
  .object({ tools: z.array(z.unknown()).catch([]), nextCursor: z.unknown().optional() })
  .catch({ tools: [] })

/** Tools of one list at most, on all pages together: far more than any model is offered, and read in no time. */
const mostTools = 2000
/** Characters of one list at most. */
const listLength = 4 * 1024 * 1024

interface ListOptions {
  timeoutMs: number
  /** Pages above which a list cannot be read. */
  maxPages: number
}

/** What a server lists, page by page, unread; a cursor that comes again or is no text ends the list. */
export async function listRawTools(
  client: Pick<Client, 'request' | 'getServerCapabilities'>,
  { timeoutMs, maxPages }: ListOptions,
): Promise<unknown[]> {
  if (!client.getServerCapabilities()?.tools) return []
  const seen = new Set<string>()
  const listed: unknown[] = []
  let size = 0
  let params = {}
  for (let page = 0; page < maxPages; page += 1) {
    const request = { method: 'tools/list', params }
    const wrapped = await client.request(request, z.looseObject({}), { timeout: timeoutMs })
    const { result, length } = takeResult(wrapped)
    const { tools, nextCursor } = pageSchema.parse(result)
    size += length
    if (listed.length + tools.length > mostTools || size > listLength) throw new ListingTooLongError()
    listed.push(...tools)
    if (typeof nextCursor !== 'string' || nextCursor === '' || seen.has(nextCursor)) return listed
    seen.add(nextCursor)
    params = { cursor: nextCursor }
  }
  throw new ListingTooLongError()
}
