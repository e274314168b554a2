import { loadSessionUser, type Database } from '@omni2/db'
import { AccessRefused } from './access-refused.ts'
import type { Login } from './verify-access-token.ts'

export interface User {
  readonly id: number
  readonly username: string
  /** Empty for a user without a role. */
  readonly role: string
}

/**
 * Loads the user behind a login, in one statement; throws AccessRefused when there is none or the login has been ended.
 * Inactive and blocked users pass: they are told why in a frame, which a refused upgrade cannot carry. A login without a
 * row passes too: tokens of an existing deployment have none.
 */
export async function checkLogin(
  { userId, sid }: Pick<Login, 'userId' | 'sid'>,
  { database }: { database: Pick<Database, 'db'> },
): Promise<User> {
  const user = await loadSessionUser({ userId, sid }, database)
  if (user === undefined) throw new AccessRefused('unknown_user', { userId })
  if (user.login_state === 'revoked') throw new AccessRefused('login_revoked', { userId })
  if (user.login_state === 'expired') throw new AccessRefused('login_expired', { userId })
  return { id: user.id, username: user.username, role: user.role_name ?? '' }
}
