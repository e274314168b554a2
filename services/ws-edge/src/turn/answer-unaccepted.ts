import type { ErrorCodeName } from '@omni2/contracts'
import type { EdgeConfig } from '../config.ts'
import type { FrameSink } from '../frames/frame-sink.ts'
import { makeErrorFrame } from '../frames/make-frame.ts'
import type { UserMessage } from '../message/user-message.ts'

const codes = { unknown: 'accept_unknown', refused: 'unavailable' } as const satisfies Record<
  string,
  ErrorCodeName
>

/** Answers a message that is not, or may not be, stored; sent again with the same client_msg_id it stays one turn. */
export function answerUnaccepted(
  { session_id, client_msg_id }: UserMessage,
  acceptance: keyof typeof codes,
  sink: FrameSink,
  { config }: { config: Pick<EdgeConfig, 'EDGE_RETRY_AFTER_MS'> },
): void {
  const code = codes[acceptance]
  const head = { session_id, attempt: 0, from: 0, seq: 0 }
  const retry_after_ms = config.EDGE_RETRY_AFTER_MS
  sink.send(makeErrorFrame(code, { ...head, client_msg_id, retry_after_ms }))
}
