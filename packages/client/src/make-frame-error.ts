import type { ServerFrameOf } from './server-frames.ts'
import { ChatError } from './chat-error.ts'
import { readErrorFields } from './read-error-fields.ts'

/** The error in an `error` or `blocked` frame. */
export function makeFrameError(frame: ServerFrameOf<'error'> | ServerFrameOf<'blocked'>): ChatError {
  if (frame.type === 'blocked') return new ChatError('blocked', frame.message, readErrorFields(frame))
  return new ChatError(frame.code, frame.error, { ...readErrorFields(frame), result: frame.result })
}
