import type { FrameSink } from '../frames/frame-sink.ts'
import { makeErrorFrame, makeTurnFrame } from '../frames/make-frame.ts'
import type { TurnRefusal } from '../rights/refused-users.ts'
import type { UserMessage } from '../message/user-message.ts'

/** Refuses a message before it is accepted, with the frame that a worker would send for its turn. */
export function answerRefused(
  { session_id, client_msg_id }: UserMessage,
  { code, error, fields }: TurnRefusal,
  sink: FrameSink,
): void {
  if (code === 'blocked')
    return sink.send(makeTurnFrame('blocked', session_id, { message: error, code, client_msg_id }))
  const head = { session_id, attempt: 0, from: 0, seq: 0 }
  sink.send(makeErrorFrame(code, { ...head, client_msg_id, ...fields, error }))
}
