import { findAccountRefusal, loadSessionUser, type Database, type SessionUser } from '@omni2/db'
import { AccessRefused } from '../access-refused.ts'
import type { Login } from '../tokens/verify-access-token.ts'

export interface User {
  readonly id: number
  readonly username: string
  /** Empty for a user without a role. */
  readonly role: string
}

interface Deps {
  readonly database: Pick<Database, 'db'>
}

/** Loads the user behind a login, in one statement; throws AccessRefused when there is none or the login has been ended. */
export const checkLogin = async (login: Login, deps: Deps): Promise<User> =>
  admitUser(await findUser(login, deps))

/** Loads the user behind a login whatever its state; throws AccessRefused when there is none. */
export async function findUser(login: Login, { database }: Deps): Promise<SessionUser> {
  const user = await loadSessionUser(login, database)
  if (user !== undefined) return user
  throw new AccessRefused('unknown_user', { userId: 'userId' in login ? login.userId : undefined })
}

/**
 * Admits a user whose login has not ended. It admits inactive and blocked users: they get the reason in a frame, which
 * a refused upgrade cannot carry. It admits a login without a row too: tokens of an existing deployment have none.
 */
export function admitUser(user: SessionUser): User {
  const { id, username, role_name } = user
  const refusal = findAccountRefusal(user, { ignoring: ['account_inactive', 'blocked'] })
  if (refusal) throw new AccessRefused(refusal, { userId: id })
  return { id, username, role: role_name ?? '' }
}
