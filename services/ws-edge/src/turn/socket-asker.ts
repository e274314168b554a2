import type { EdgeConfig } from '../config.ts'
import type { Connection } from '../connection/connection.ts'
import { makeErrorFrame, makeTurnFrame } from '../frames/make-frame.ts'
import { answerMismatch } from '../message/answer-mismatch.ts'
import type { UserMessage } from '../message/user-message.ts'
import { unacceptedCodes, type Asker } from './run-turn.ts'

/** A connection as the asker of one message: each answer is a frame. */
export function askOverSocket(
  message: UserMessage,
  connection: Connection,
  { config }: { config: Pick<EdgeConfig, 'EDGE_RETRY_AFTER_MS'> },
): Asker {
  const { session_id, client_msg_id } = message
  const head = { session_id, attempt: 0, from: 0, seq: 0 }
  return {
    identity: connection.identity,
    log: connection.log.child({ session_id }),
    ended: connection.ended,
    send: (bytes, frame) => connection.send(bytes, frame),
    /** As a worker refuses its turn. */
    refuse: ({ code, error, fields }) =>
      connection.send(
        code === 'blocked'
          ? makeTurnFrame('blocked', session_id, { message: error, code, client_msg_id })
          : makeErrorFrame(code, { ...head, client_msg_id, ...fields, error }),
      ),
    /** Sent again with the same client_msg_id it stays one turn. */
    answerUnaccepted: (acceptance) => {
      const retry_after_ms = config.EDGE_RETRY_AFTER_MS
      connection.send(makeErrorFrame(unacceptedCodes[acceptance], { ...head, client_msg_id, retry_after_ms }))
    },
    answerMismatch: () => answerMismatch(message, connection),
    follow: (reply) => connection.turns.add(session_id, reply),
    confirmAccepted: () => {
      connection.markAccepted(message)
      connection.send(makeTurnFrame('accepted', session_id, { client_msg_id }))
    },
    finish: () => {},
  }
}
