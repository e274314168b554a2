import type { ServerFrame, ServerFrameType, TurnResult } from './server-frames.ts'

type Check = (value: unknown) => boolean
type Shape = Readonly<Record<string, Check>>

const isText: Check = (value) => typeof value === 'string'
const isNumber: Check = (value) => typeof value === 'number' && Number.isFinite(value)
const isCount: Check = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const isVersion: Check = (value) => isCount(value) && value !== 0
const isFlag: Check = (value) => typeof value === 'boolean'
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value)

const resultShape: Shape = {
  answer: isText,
  model: isText,
  stop_reason: isText,
  iterations: isCount,
  tool_calls: isCount,
  tools_used: (value) => Array.isArray(value) && value.every(isText),
  tokens_input: isCount,
  tokens_output: isCount,
  tokens_cached: isCount,
  cost_usd: isNumber,
  duration_ms: isCount,
  first_token_ms: (value) => value === null || isCount(value),
  queue_ms: isCount,
}

const isResult = (value: unknown): value is TurnResult => isObject(value) && fits(value, resultShape)

const turn: Shape = { session_id: isText, attempt: isCount, from: isCount, seq: isCount }
const maybeTurn: Shape = {
  session_id: optional(isText),
  attempt: optional(isCount),
  from: optional(isCount),
  seq: optional(isCount),
  client_msg_id: optional(isText),
}

/** What this client relies on of each frame; other fields pass unread. */
const shapes: Readonly<Record<ServerFrameType, Shape>> = {
  welcome: {
    protocol: optional(isVersion),
    conversation_id: isText,
    text: isText,
    resume_token: isText,
    limits: Array.isArray,
    edge: isText,
  },
  goodbye: { code: isCount, resume: isFlag, retry_after_ms: isCount },
  pong: {},
  accepted: { ...turn, client_msg_id: optional(isText) },
  restart: turn,
  started: turn,
  warning: { ...turn, message: isText },
  token: { ...turn, text: isText },
  tool_call: { ...turn, mcp: isText, tool: isText, call_id: isText },
  tool_result: { ...turn, call_id: isText, status: isText, duration_ms: isCount },
  waiting: turn,
  done: { ...turn, result: isResult },
  cancelled: { ...turn, result: isResult },
  resumed: turn,
  snapshot: { ...turn, text: isText },
  finished: { ...turn, frame: isObject },
  unrecoverable: { ...maybeTurn, reason: isText },
  error: {
    ...maybeTurn,
    error: isText,
    code: isText,
    retry_after_ms: optional(isCount),
    result: optional(isResult),
  },
  blocked: { ...maybeTurn, message: isText },
}

/** Reads a frame of the server; undefined for what is no frame, or one of a later version of the protocol. */
export function parseFrame(json: unknown): ServerFrame | undefined {
  const value = typeof json === 'string' ? parseJson(json) : json
  if (!isObject(value) || typeof value['type'] !== 'string') return undefined
  const shape = Object.hasOwn(shapes, value['type']) ? shapes[value['type'] as ServerFrameType] : undefined
  return shape && fits(value, shape) ? (value as ServerFrame) : undefined
}

/** The object in a JSON text; undefined for anything else. */
export function parseObject(json: string): Record<string, unknown> | undefined {
  const value = parseJson(json)
  return isObject(value) ? value : undefined
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function fits(value: Record<string, unknown>, shape: Shape): boolean {
  return Object.entries(shape).every(([field, check]) => check(value[field]))
}
