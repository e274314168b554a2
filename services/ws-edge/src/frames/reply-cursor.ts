import { isTerminalFrameType, type FrameHead } from '@omni2/contracts'

/** The last frame of a turn that its client was sent; nothing yet is attempt 0, seq 0. */
export interface ReplyCursor {
  readonly attempt: number
  readonly seq: number
}

/**
 * Decides what to do with a frame of a turn: a frame of a lower attempt is fenced off, a frame that was sent is not
 * sent again, and a frame whose predecessors are missing is a gap. A snapshot covers all frames before it, and a
 * terminal frame carries the whole result, so neither can be a gap.
 */
export function judgeFrame(head: FrameHead, cursor: ReplyCursor): 'forward' | 'drop' | 'gap' {
  if (head.attempt < cursor.attempt) return 'drop'
  if (isTerminalFrameType(head.type)) return 'forward'
  if (!isAhead(head, cursor)) return 'drop'
  if (head.type === 'snapshot') return 'forward'
  const next = head.attempt === cursor.attempt ? cursor.seq + 1 : 1
  return head.from === next ? 'forward' : 'gap'
}

/** Whether a position holds more than the cursor has seen. */
export const isAhead = (position: ReplyCursor, cursor: ReplyCursor): boolean =>
  position.attempt > cursor.attempt || (position.attempt === cursor.attempt && position.seq > cursor.seq)
