import { makeTurnId, type MessageFrame, type TurnMessage } from '@omni2/contracts'

/** A message of a user on its way to become a turn. */
export interface UserMessage {
  readonly session_id: string
  /** Null for a message that came over SSE. */
  readonly conversation_id: string | null
  readonly source: TurnMessage['source']
  readonly client_msg_id: string | undefined
  readonly text: string
  readonly replaces: string | null
}

/** Names the turn that a `message` frame starts. Half a surrogate pair is no text that could be stored. */
export function makeUserMessage(
  frame: MessageFrame,
  { userId, conversationId }: { userId: number; conversationId: string },
): UserMessage {
  const clientMsgId = frame.client_msg_id?.toWellFormed()
  return {
    session_id: makeTurnId({ userId, conversationId, clientMsgId }),
    conversation_id: conversationId,
    source: 'ws',
    client_msg_id: clientMsgId,
    text: frame.text.toWellFormed(),
    replaces: frame.replaces ?? null,
  }
}
