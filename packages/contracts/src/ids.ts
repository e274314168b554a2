import { v5, v7 } from 'uuid'
import { z } from 'zod'

/** Any RFC 9562 UUID in its canonical lower-case form: the only shape of id that may enter a subject. */
export const idSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, 'not a UUID')

export const userIdSchema = z.int().positive().max(2_147_483_647)

const turnNamespace = '7b0f3c1e-54f0-5c0a-9a52-6d2d1b0c9e11'

/** Makes a conversation's id (UUIDv7: sorts by creation time). */
export const makeConversationId = (): string => v7()

/**
 * Makes a turn's session_id: UUIDv5 of (user, conversation, client_msg_id) when the client named its message, so the
 * same message sent again is the same turn; else UUIDv7. SPEC: RFC 9562.
 */
export function makeTurnId(turn: {
  userId: number
  conversationId: string | null
  clientMsgId?: string | undefined
}): string {
  if (turn.clientMsgId === undefined) return v7()
  return v5(JSON.stringify([turn.userId, turn.conversationId, turn.clientMsgId]), turnNamespace)
}

const questionNamespace = 'd0c0b9c4-3a86-5b57-8f0e-7d1f0a3b6c55'

/** Makes the digest of what a turn asks, its text and the turn that it replaces: the same for the same question. */
export const makeQuestionDigest = ({ text, replaces }: { text: string; replaces: string | null }): string =>
  v5(JSON.stringify([text, replaces]), questionNamespace)

/** Makes the same id for the same parts, for rows that a redelivered message must not write twice. */
export const makeDerivedId = (turnId: string, name: string): string => v5(name, turnId)
