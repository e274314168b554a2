import type { Tokens } from '@omni2/contracts'
import { revokeReusedLogin, rotateRefreshToken, type Database } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { AccessRefused } from '../access-refused.ts'
import type { LogoutAnnouncer } from './logout-announcer.ts'
import { issueTokens, type TokenIssuing } from './issue-tokens.ts'
import { hashOpaqueToken, makeOpaqueToken } from '@omni2/passwords'

interface Deps extends TokenIssuing {
  readonly database: Pick<Database, 'db'>
  readonly refreshTokenSeconds: number
  readonly announcer: Pick<LogoutAnnouncer, 'announce'>
  readonly log: Pick<Logger, 'info' | 'warn'>
}

export interface PresentedToken {
  readonly refreshToken: string
  /** How long after its use it may come again, in seconds. */
  readonly repeatSeconds: number
}

/**
 * Trades a refresh token for new tokens of the same login; a second use of one ends the login, for one of its two
 * holders has stolen it (RFC 9700 §4.14). Where it may come again soon after, each gets tokens of their own, and the
 * second of them that refreshes later ends the login all the same. Throws AccessRefused.
 */
export async function refreshLogin(
  { refreshToken: presented, repeatSeconds }: PresentedToken,
  deps: Deps,
): Promise<Tokens> {
  const presentedHash = hashOpaqueToken(presented)
  const refreshToken = makeOpaqueToken('refresh')
  const rotation = {
    presentedHash,
    successorHash: hashOpaqueToken(refreshToken),
    successorSeconds: deps.refreshTokenSeconds,
    repeatSeconds,
  }
  const login = await rotateRefreshToken(rotation, deps.database)
  if (login === undefined) throw await explainRefusal(presentedHash, deps)
  deps.log.info({ user_id: login.id, sid: login.sid }, 'login refreshed')
  return issueTokens({ sid: login.sid, user: login, endsAt: login.session_ends_at, refreshToken }, deps)
}

async function explainRefusal(tokenHash: Buffer, deps: Deps): Promise<AccessRefused> {
  const token = await revokeReusedLogin(tokenHash, deps.database)
  if (token === undefined) return new AccessRefused('bad_refresh_token')
  const { sid, user_id: userId } = token
  if (token.has_revoked) {
    deps.log.warn({ user_id: userId, sid }, 'refresh token used twice: login ended')
    deps.announcer.announce({ sid, userId })
  }
  if (token.was_used) return new AccessRefused('refresh_token_reused', { userId })
  return new AccessRefused(token.was_revoked ? 'login_revoked' : 'bad_refresh_token', { userId })
}
