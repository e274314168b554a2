import type { IncomingMessage } from 'node:http'
import { parseCursor } from '@omni2/contracts'
import type { ReplyCursor } from '../frames/reply-cursor.ts'
import { RequestRefused } from './request-refused.ts'

const problem = 'The header Last-Event-ID is not the id of an event of this turn.'

/** The position of a client in a turn, by its Last-Event-ID; the beginning without one. Throws RequestRefused. */
export function readLastEventId(
  { headersDistinct }: Pick<IncomingMessage, 'headersDistinct'>,
  turnId: string,
): ReplyCursor {
  const [given, ...others] = headersDistinct['last-event-id'] ?? []
  if (given === undefined || given === '') return { attempt: 0, seq: 0 }
  const cursor = parseCursor(given)
  if (cursor?.session_id !== turnId || others.length > 0) throw refuseCursor()
  return { attempt: cursor.attempt, seq: cursor.seq }
}

/** Refuses a Last-Event-ID that no event of the turn can have had. */
export const refuseCursor = (): RequestRefused => new RequestRefused('invalid_frame', { error: problem })
