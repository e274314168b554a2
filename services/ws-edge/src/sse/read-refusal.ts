import { serverFrameSchema } from '@omni2/contracts'
import { readType } from './encode-event.ts'
import { RequestRefused } from './request-refused.ts'

/**
 * What a frame says as an HTTP refusal; undefined for frames that are part of an answer: the end of a reply, and an error
 * that carries what had been said. While a head is held, these two types are the only frames of a turn that are parsed.
 */
export function readRefusal(bytes: Uint8Array): RequestRefused | undefined {
  if (!['error', 'blocked'].includes(readType(bytes))) return undefined
  const frame = serverFrameSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes))).data
  if (frame?.type === 'blocked')
    return new RequestRefused('blocked', { error: frame.message, fields: { session_id: frame.session_id } })
  if (frame?.type !== 'error' || frame.result !== undefined) return undefined
  const { session_id, code, error, retry_after_ms, reset_at, limit_kind, limit, used, remaining } = frame
  const measured = { retry_after_ms, reset_at, limit_kind, limit, used, remaining }
  return new RequestRefused(code, { error, fields: { session_id, ...measured } })
}
