import { idSchema } from '@omni2/contracts'
import type { Reopening } from '../open/open-conversation.ts'

/** Reads which conversation a request continues (`?conversation_id=`); a frame reports an invalid id. */
export function readReopening(query: URLSearchParams): Reopening {
  const given = query.getAll('conversation_id')
  if (given.length === 0) return { state: 'none' }
  const parsed = idSchema.safeParse(given.length === 1 ? given[0] : undefined)
  return parsed.success ? { state: 'asked', conversationId: parsed.data } : { state: 'malformed' }
}
