import type { ServerFrame } from './server-frames.ts'

type HeadlessFrame = Extract<ServerFrame, { type: 'welcome' | 'goodbye' | 'pong' | 'unrecoverable' }>

/** A frame that says something about a turn. */
export type TurnFrame = Exclude<ServerFrame, HeadlessFrame | { type: 'finished' }> & { session_id: string }

interface Position {
  readonly attempt: number
  readonly seq: number
}

export const ends: ReadonlySet<string> = new Set(['done', 'cancelled', 'error', 'blocked'])

/** The attempt that a frame belongs to; 0 where it is of none. */
export const attemptOf = (frame: ServerFrame): number => ('attempt' in frame ? (frame.attempt ?? 0) : 0)

/** Whether a frame belongs to the progress of a turn, so that it shows the turn to other viewers. */
export function showsTurn(frame: ServerFrame): frame is TurnFrame {
  if (!isTurnFrame(frame) || frame.type === 'accepted' || frame.type === 'finished') return false
  return frame.type === 'waiting' || attemptOf(frame) > 0
}

export function isTurnFrame(frame: ServerFrame): frame is TurnFrame | (ServerFrame & { type: 'finished' }) {
  return 'session_id' in frame && typeof frame.session_id === 'string' && frame.type !== 'unrecoverable'
}

/**
 * What to do with a frame of a turn, given the last one that was taken: a lower attempt is fenced off, what was taken
 * is not taken twice, and where frames are missing there is a gap. Frames of the edge itself (attempt 0) have no place
 * in the order; a snapshot and an end bring everything before them along.
 */
export function judgeFrame(frame: TurnFrame, cursor: Position): 'take' | 'drop' | 'gap' {
  const { type, attempt = 0, from = 0, seq = 0 } = frame
  if (attempt === 0 || ends.has(type)) return 'take'
  const isSame = attempt === cursor.attempt
  if (type === 'resumed' || attempt < cursor.attempt || (isSame && seq <= cursor.seq)) return 'drop'
  if (type === 'snapshot') return 'take'
  return from === (isSame ? cursor.seq + 1 : 1) ? 'take' : 'gap'
}
