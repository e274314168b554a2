import type { LoginRequest, Tokens } from '@omni2/contracts'
import { findUserByLogin, replacePasswordHash, type LoginUser } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { AccessRefused } from '../access-refused.ts'
import { throttleLogin, type ThrottleDeps } from './login-throttle.ts'
import { openLogin, type LoginOpening } from './open-login.ts'
import type { PasswordChecker } from './password-checker.ts'

interface Deps extends LoginOpening, ThrottleDeps {
  readonly passwords: Pick<PasswordChecker, 'matches'>
  readonly log: Pick<Logger, 'info' | 'warn'>
}

interface LoginAttempt extends LoginRequest {
  /** Where it comes from. */
  readonly address: string
}

/**
 * Trades a password for tokens and records the login. Throws AccessRefused, the same for an unknown user and a wrong
 * password, and TooManyLogins. Inactive and blocked users may log in: the chat shows them why they may do no more.
 */
export async function logIn(attempt: LoginAttempt, deps: Deps): Promise<Tokens> {
  const { username, address } = attempt
  const user = await findUserByLogin(username, deps.database)
  const checkPassword = async (): Promise<Tokens> => {
    // Whoever logs in at the same moment may make the hash again, and operators set passwords: it is read again once.
    const tokens =
      (await tryPassword(user, attempt, deps)) ??
      (await tryPassword(await findUserByLogin(username, deps.database), attempt, deps))
    if (tokens === undefined) throw new AccessRefused('bad_credentials', { userId: user?.id })
    return tokens
  }
  return throttleLogin({ account: nameAccount(username, user), address }, checkPassword, deps)
}

/** Undefined where the password was changed while it was compared. */
async function tryPassword(
  user: LoginUser | undefined,
  { password, address }: LoginAttempt,
  deps: Deps,
): Promise<Tokens | undefined> {
  const stored = user?.password_hash ?? null
  const hashes = stored === null ? [] : [stored]
  const renew = (hash: string) => {
    hashes.push(hash)
    void renewHash(user, hash, deps)
  }
  const matches = await deps.passwords.matches(password, stored, address, renew)
  if (user === undefined || !matches) throw new AccessRefused('bad_credentials', { userId: user?.id })
  return openLogin(user, hashes, deps)
}

/** Replaces a stored hash by one of our cost, while the login continues; the next login repeats a failed try. */
async function renewHash(user: LoginUser | undefined, to: string, { database, log }: Deps) {
  if (user === undefined || user.password_hash === null) return
  try {
    await replacePasswordHash({ userId: user.id, from: user.password_hash, to }, database)
    log.info({ user_id: user.id }, 'password hash renewed')
  } catch (err) {
    log.warn({ err, user_id: user.id }, 'password hash not renewed')
  }
}

/** One name for an account however it was spelled: its username and its e-mail address count together. */
const nameAccount = (typed: string, user: LoginUser | undefined): string =>
  user === undefined ? `unknown ${typed}` : `user ${user.id}`
