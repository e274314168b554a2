import { randomUUID } from 'node:crypto'
import { findUserByLogin, recordLogin, type Database, type LoginUser } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { AccessRefused } from './access-refused.ts'
import type { PasswordChecker } from './password-checker.ts'
import { issueAccessToken, type AccessTokenIssuer } from './issue-access-token.ts'
import type { Credentials } from './parse-credentials.ts'

interface Dependencies {
  readonly database: Pick<Database, 'db'>
  readonly passwords: Pick<PasswordChecker, 'matches'>
  readonly tokenIssuer: AccessTokenIssuer
  readonly defaultTokenSeconds: number
  readonly now: () => number
  readonly log: Pick<Logger, 'info'>
}

export interface TokenAnswer {
  readonly access_token: string
  readonly token_type: 'bearer'
  /** Seconds. */
  readonly expires_in: number
}

/**
 * Trades a password for an access token and records the login. Throws AccessRefused, the same for an unknown user and a
 * wrong password. Inactive and blocked users may log in: the chat tells them why they may do no more.
 */
export async function logIn(credentials: Credentials, deps: Dependencies): Promise<TokenAnswer> {
  const user = await findUserByLogin(credentials.username, deps.database)
  const matches = await deps.passwords.matches(credentials.password, user?.password_hash ?? null)
  if (user === undefined || !matches) throw new AccessRefused('bad_credentials', { userId: user?.id })
  return openLogin(user, deps)
}

async function openLogin(user: LoginUser, deps: Dependencies): Promise<TokenAnswer> {
  const seconds = tokenSeconds(user, deps.defaultTokenSeconds)
  const issuedAt = Math.floor(deps.now() / 1000)
  const login = { sid: randomUUID(), userId: user.id, expiresAt: issuedAt + seconds }
  const subject = { ...login, username: user.username, role: user.role_name ?? '', issuedAt }
  const token = await issueAccessToken(subject, deps.tokenIssuer)
  await recordLogin({ ...login, expiresAt: new Date(login.expiresAt * 1000) }, deps.database)
  deps.log.info({ user_id: user.id, sid: login.sid }, 'logged in')
  return { access_token: token, token_type: 'bearer', expires_in: seconds }
}

/** A role's zero or negative life would lock its users out; it counts as not set. */
function tokenSeconds({ token_expiry }: LoginUser, defaultSeconds: number): number {
  return token_expiry !== null && token_expiry > 0 ? token_expiry : defaultSeconds
}
