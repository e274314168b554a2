import type { RecheckReply, RecheckRequest } from '@omni2/contracts'
import { loadStandings, type Database, type Standing } from '@omni2/db'
import { findChatRefusal } from '../permissions/find-chat-refusal.ts'

type Refused = RecheckReply['refused'][number]

/** Answers `chat.recheck`: which logins of an edge may no longer chat, by the rules of `chat.open`. */
export async function answerRecheckRequest(
  { logins }: RecheckRequest,
  { db }: Pick<Database, 'db'>,
): Promise<RecheckReply> {
  const asked = logins.map(({ user_id, sid }) => ({ userId: user_id, sid }))
  const standings = await loadStandings(asked, { db })
  return { refused: standings.flatMap((standing) => findRefusal(standing) ?? []) }
}

/** Why a login may not chat; undefined if it may. */
export function findRefusal(standing: Standing): Refused | undefined {
  const refusal = findChatRefusal(standing)
  if (!refusal) return undefined
  const { code, message } = refusal
  // The edge has the texts of the other codes.
  return { user_id: standing.userId, sid: standing.sid, code, message: code === 'blocked' ? message : '' }
}
