import { errorCodes, type OpenReply, type OpenRequest } from '@omni2/contracts'
import { findRunningTurn, isConversationOf, loadWelcome, type Database } from '@omni2/db'
import { measureLimits } from '../limits/measure-limits.ts'
import { readLimits } from '../limits/read-limits.ts'
import { findChatRefusal } from '../permissions/find-chat-refusal.ts'

/** Shown where an operator set no welcome text. */
const plainWelcome = 'Welcome to OMNI2 Chat.'

/** Answers `chat.open`: whether a user may have a connection, and what it is welcomed with. */
export async function answerOpenRequest(
  request: OpenRequest,
  { db }: Pick<Database, 'db'>,
): Promise<OpenReply> {
  const { conversation_id: conversationId, identity } = request
  const { user_id: userId, sid } = identity
  const user = await loadWelcome({ userId, sid }, { db })
  if (!user) return refuse('account_inactive', errorCodes.account_inactive.text)
  const refusal = findChatRefusal(user)
  if (refusal) return refuse(refusal.code, refusal.message)
  // Somebody else's conversation looks like one that nobody knows.
  if (conversationId !== null && !(await isConversationOf(conversationId, userId, { db })))
    return refuse('not_found', errorCodes.not_found.text)
  return {
    allowed: true,
    welcome: user.welcome_message ?? plainWelcome,
    limits: measureLimits(readLimits(user), { facts: user, rate: null, attempt: 0, now: new Date() }),
    running: conversationId === null ? null : await findRunningTurn(conversationId, { db }),
    at: user.now.toISOString(),
  }
}

const refuse = (code: Extract<OpenReply, { allowed: false }>['code'], message: string): OpenReply => ({
  allowed: false,
  code,
  message,
})
