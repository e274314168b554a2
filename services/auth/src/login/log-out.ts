import { revokeLogin, revokeLoginOfRefreshToken, type Database } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { AccessRefused } from '../access-refused.ts'
import { findUser } from '../proof/check-login.ts'
import type { LogoutAnnouncer } from './logout-announcer.ts'
import { hashOpaqueToken } from '@omni2/passwords'
import { verifyToken, type TokenDeps } from '../tokens/verify-token.ts'

interface Deps extends TokenDeps {
  readonly database: Pick<Database, 'db'>
  readonly announcer: Pick<LogoutAnnouncer, 'announce'>
  readonly log: Pick<Logger, 'info'>
}

/**
 * Ends the login of a refresh token or an access token, also if it has ended already, and announces it to the edges
 * that hold its sockets. It does not fail when the announcement has to wait: from now on this login can begin nothing
 * new. Throws AccessRefused.
 */
export async function logOut(
  proof: { readonly refreshToken: string } | { readonly token: string },
  deps: Deps,
): Promise<void> {
  const login = await ('refreshToken' in proof
    ? endRefreshedLogin(proof.refreshToken, deps)
    : endLogin(proof.token, deps))
  deps.announcer.announce(login)
  deps.log.info({ user_id: login.userId, sid: login.sid }, 'logged out')
}

async function endRefreshedLogin(refreshToken: string, { database }: Deps) {
  const login = await revokeLoginOfRefreshToken(hashOpaqueToken(refreshToken), database)
  if (login === undefined) throw new AccessRefused('bad_refresh_token')
  return { sid: login.sid, userId: login.user_id }
}

async function endLogin(token: string, deps: Deps) {
  const login = await verifyToken(token, deps)
  const { id: userId } = await findUser(login, deps)
  const { sid } = login
  await revokeLogin({ sid, userId, expiresAt: new Date(login.expiresAt * 1000) }, deps.database)
  return { sid, userId }
}
