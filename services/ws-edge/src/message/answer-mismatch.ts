import type { FrameHead } from '@omni2/contracts'
import type { FrameSink } from '../frames/frame-sink.ts'
import { makeErrorFrame } from '../frames/make-frame.ts'
import type { ReplyCursor } from '../frames/reply-cursor.ts'
import type { UserMessage } from './user-message.ts'

const code = 'idempotency_mismatch'

/** Refuses a message in an error frame: its id belongs to a turn with another question. */
export function answerMismatch({ client_msg_id }: UserMessage, sink: FrameSink): void {
  sink.send(makeErrorFrame(code, { client_msg_id }))
}

/** The same for a message that already has its `accepted` frame: the error frame ends it. */
export function endMismatch(turnId: string, { attempt, seq }: ReplyCursor, sink: FrameSink): void {
  const place = { session_id: turnId, attempt: Math.max(1, attempt), from: seq + 1, seq: seq + 1 }
  const head: FrameHead = { type: 'error', ...place }
  sink.send(makeErrorFrame(code, place), head)
}
