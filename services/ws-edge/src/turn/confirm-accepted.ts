import type { Connection } from '../connection/connection.ts'
import { makeTurnFrame } from '../frames/make-frame.ts'
import type { UserMessage } from '../message/user-message.ts'

/** Confirms to the client that its message is durable, with its session_id. */
export function confirmAccepted(message: UserMessage, connection: Connection): void {
  const { session_id, client_msg_id } = message
  connection.markAccepted(message)
  connection.send(makeTurnFrame('accepted', session_id, { client_msg_id }))
}
