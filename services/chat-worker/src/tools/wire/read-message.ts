import type { JSONRPCMessage } from '@modelcontextprotocol/client'
import { parseExactJson } from '@omni2/contracts'
import { z } from 'zod'

const idSchema = z.union([z.string(), z.number()])
const errorSchema = z.object({
  code: z.number().int().catch(-32_603),
  message: z.string().catch('an error without a message'),
  data: z.unknown().optional(),
})

/** Notifications that the worker uses; all others are ignored. */
const heard = new Set([
  'notifications/tools/list_changed',
  'notifications/cancelled',
  'notifications/subscriptions/acknowledged',
])

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The messages of one JSON text, or of an array of them, as far as they can be read and matter. Throws SyntaxError. */
export function readMessages(json: string): JSONRPCMessage[] {
  return [parse(json)].flat().flatMap((message) => readMessage(message, json.length) ?? [])
}

/** In a list of tools a number that is none belongs to one tool, which is left out alone. */
function parse(json: string): unknown {
  try {
    return parseExactJson(json)
  } catch (error) {
    const inexact: unknown = JSON.parse(json)
    if (isObject(inexact) && isObject(inexact['result']) && Array.isArray(inexact['result']['tools']))
      return inexact
    throw error
  }
}

/** The client holds results against schemas of its own and drops them whole: it gets them wrapped, see `takeResult`. */
function readMessage(message: unknown, length: number): JSONRPCMessage | undefined {
  if (!isObject(message)) return undefined
  if (typeof message['method'] === 'string') return readMethod(message, message['method'])
  const id = idSchema.safeParse(message['id']).data
  if (id === undefined) return undefined
  if ('result' in message) return { jsonrpc: '2.0', id, result: wrapResult(message['result'], length) }
  return { jsonrpc: '2.0', id, error: errorSchema.catch(unknownError).parse(message['error']) }
}

const unknownError = { code: -32_603, message: 'an error without a message' }

function readMethod(message: Record<string, unknown>, method: string): JSONRPCMessage | undefined {
  const params = isObject(message['params']) ? { params: message['params'] } : {}
  const id = idSchema.safeParse(message['id']).data
  if (id !== undefined) return { jsonrpc: '2.0', id, method, ...params }
  return heard.has(method) ? { jsonrpc: '2.0', method, ...params } : undefined
}

/** A result that every version of the protocol takes for one of any request, with what really came inside. */
function wrapResult(result: unknown, length: number): Record<string, unknown> {
  if (isObject(result) && 'capabilities' in result) return { ...result, instructions: undefined }
  if (isObject(result) && result['resultType'] === 'input_required') return result
  const empty = { content: [], tools: [], ttlMs: 0, cacheScope: 'private' }
  return { resultType: 'complete', ...empty, [rawKey]: { result, length } }
}

const rawKey = 'omni2/raw'

/** What really came as a result, to be read leniently, and the characters of the message it came in. */
export function takeResult(wrapped: object): { result?: unknown; length: number } {
  return Reflect.get(wrapped, rawKey) ?? { length: 0 }
}
