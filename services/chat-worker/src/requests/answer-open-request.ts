import { setTimeout as sleep } from 'node:timers/promises'
import { errorCodes, type OpenReply, type OpenRequest } from '@omni2/contracts'
import { findRunningTurn, isConversationOf, loadWelcome, type Database } from '@omni2/db'
import { measureLimits } from '../limits/measure-limits.ts'
import { readLimits } from '../limits/read-limits.ts'
import { findChatRefusal } from '../permissions/find-chat-refusal.ts'

/** Shown if no operator has set a welcome text. */
const plainWelcome = 'Welcome to OMNI2 Chat.'

/** Answers `chat.open`: whether a user may connect, and with which welcome. */
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
  // A conversation of another user gets the same answer as an unknown one.
  if (conversationId !== null && !(await isTheirs(conversationId, userId, { db })))
    return refuse('not_found', errorCodes.not_found.text)
  return {
    allowed: true,
    welcome: user.welcome_message ?? plainWelcome,
    limits: measureLimits(readLimits(user), { facts: user, rate: null, attempt: 0, now: new Date() }),
    running: conversationId === null ? null : await findRunningTurn(conversationId, { db }),
    at: user.now.toISOString(),
  }
}

/** Pause before a conversation is looked up again, in milliseconds. */
const lookAgainMs = 500

/** Only the second look counts: a conversation whose first turn was accepted a moment ago may not be recorded yet. */
async function isTheirs(
  conversationId: string,
  userId: number,
  database: Pick<Database, 'db'>,
): Promise<boolean> {
  if (await isConversationOf(conversationId, userId, database)) return true
  await sleep(lookAgainMs)
  return isConversationOf(conversationId, userId, database)
}

const refuse = (code: Extract<OpenReply, { allowed: false }>['code'], message: string): OpenReply => ({
  allowed: false,
  code,
  message,
})
