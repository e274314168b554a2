import {
  clientFrameSchema,
  clientFrameTypes,
  clientMsgIdSchema,
  wireBounds,
  type ClientFrame,
  type ErrorCodeName,
} from '@omni2/contracts'
import type { z } from 'zod'
import { checkText } from '../message/check-text.ts'

/** A frame as it came: usable, or what is wrong with it. */
export type ParsedFrame = { frame: ClientFrame } | { problem: FrameProblem }

export interface FrameProblem {
  code: ErrorCodeName
  error?: string
  limit?: number
  /** Which message it was, where the frame says so. */
  client_msg_id?: string
}

/** Parses a text frame of a client once; `textLength` is the longest text of a message in characters. */
export function parseClientFrame(json: string, { textLength }: { textLength: number }): ParsedFrame {
  const value = parseObject(json)
  if ('problem' in value) return value
  const { object } = value
  if (!isKnownType(object['type'])) return { problem: { code: 'unknown_type' } }
  const parsed = clientFrameSchema.safeParse(object)
  const problem = parsed.success ? checkWords(parsed.data, textLength) : describeProblem(parsed.error)
  if (problem) return { problem: { ...problem, ...nameMessage(object) } }
  return parsed.success ? { frame: parsed.data } : { problem: { code: 'invalid_frame' } }
}

function parseObject(json: string): { object: Record<string, unknown> } | { problem: FrameProblem } {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { problem: { code: 'invalid_json' } }
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { object: { ...value } }
  return { problem: { code: 'invalid_frame', error: 'The frame is not a JSON object.' } }
}

const isKnownType = (type: unknown): boolean => clientFrameTypes.some((known) => known === type)

function describeProblem({ issues }: z.ZodError): FrameProblem {
  const [issue] = issues
  const field = issue?.path.join('.') ?? ''
  if (field === 'text') return { code: 'invalid_text' }
  return { code: 'invalid_frame', error: `The frame is not valid: ${field || 'frame'}: ${issue?.message}` }
}

/** NUL is a character of JSON but of no Postgres text, so it would only fail later. */
function checkWords(frame: ClientFrame, textLength: number): FrameProblem | undefined {
  if (frame.type !== 'message') return undefined
  if (frame.client_msg_id?.includes('\0'))
    return { code: 'invalid_frame', error: 'The frame is not valid: client_msg_id: contains a NUL character' }
  return checkText(frame.text, { textLength })
}

function nameMessage({ client_msg_id }: Record<string, unknown>): { client_msg_id?: string } {
  const parsed = clientMsgIdSchema.safeParse(client_msg_id)
  return parsed.success && parsed.data.length <= wireBounds.clientMsgIdLength
    ? { client_msg_id: parsed.data }
    : {}
}
