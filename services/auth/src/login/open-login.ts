import { randomUUID } from 'node:crypto'
import type { Tokens } from '@omni2/contracts'
import { recordLogin, type Database, type LoginUser } from '@omni2/db'
import { hashOpaqueToken, makeOpaqueToken } from '@omni2/passwords'
import type { Logger } from '@omni2/service-kit'
import { issueTokens, tokenSeconds, type TokenIssuing } from './issue-tokens.ts'

export interface LoginOpening extends TokenIssuing {
  readonly database: Pick<Database, 'db'>
  /** Life of a login, and of an unused refresh token, in seconds. */
  readonly sessionSeconds: number
  readonly refreshTokenSeconds: number
  readonly log: Pick<Logger, 'info'>
}

/** Opens a login of an account with one of these password hashes; undefined where it has another by now. */
export async function openLogin(
  user: LoginUser,
  passwordHashes: readonly string[],
  deps: LoginOpening,
): Promise<Tokens | undefined> {
  const sid = randomUUID()
  const refreshToken = makeOpaqueToken('refresh')
  const endsAt = secondsFromNow(Math.max(deps.sessionSeconds, tokenSeconds(user, deps)), deps)
  const tokens = await issueTokens({ sid, user, endsAt, refreshToken }, deps)
  const isRecorded = await recordLogin(
    {
      sid,
      userId: user.id,
      expiresAt: endsAt,
      refreshTokenHash: hashOpaqueToken(refreshToken),
      refreshEndsAt: secondsFromNow(deps.refreshTokenSeconds, deps),
      passwordHashes,
    },
    deps.database,
  )
  if (!isRecorded) return undefined
  deps.log.info({ user_id: user.id, sid }, 'logged in')
  return tokens
}

const secondsFromNow = (seconds: number, { now }: Pick<LoginOpening, 'now'>): Date =>
  new Date(now() + seconds * 1000)
