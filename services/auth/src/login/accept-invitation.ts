import type { InvitationRequest, Tokens } from '@omni2/contracts'
import { findInvited, findUserByLogin, redeemInvitation, type Database } from '@omni2/db'
import { hashOpaqueToken } from '@omni2/passwords'
import type { Logger } from '@omni2/service-kit'
import { AccessRefused } from '../access-refused.ts'
import type { LogoutAnnouncer } from './logout-announcer.ts'
import { openLogin, type LoginOpening } from './open-login.ts'
import type { PasswordChecker } from './password-checker.ts'

interface Deps extends LoginOpening {
  readonly database: Pick<Database, 'db'>
  readonly passwords: Pick<PasswordChecker, 'hash'>
  readonly announcer: Pick<LogoutAnnouncer, 'announce'>
  readonly log: Pick<Logger, 'info'>
}

interface Acceptance extends InvitationRequest {
  /** Where it comes from. */
  readonly address: string
}

/**
 * Trades an invitation for a password of the holder's choice, ends every login that the account had, and opens one.
 * Throws AccessRefused for an invitation that is unknown, used or over, and `busy` where too many passwords wait.
 */
export async function acceptInvitation(
  { token, password, address }: Acceptance,
  deps: Deps,
): Promise<Tokens> {
  const tokenHash = hashOpaqueToken(token)
  // A hash costs a quarter of a second, so a bad invitation gets none.
  const userId = await findInvited(tokenHash, deps.database)
  if (userId === undefined) throw new AccessRefused('bad_invitation')
  const passwordHash = await deps.passwords.hash(password, address)
  const redeemed = await deps.database.db
    .transaction()
    .execute((db) => redeemInvitation({ tokenHash, passwordHash }, { db }))
  if (!redeemed) throw new AccessRefused('bad_invitation', { userId })
  for (const sid of redeemed.ended) deps.announcer.announce({ sid, userId })
  deps.log.info({ user_id: userId, ended: redeemed.ended.length }, 'invitation accepted')
  const user = await findUserByLogin(redeemed.username, deps.database)
  const tokens = user && (await openLogin(user, [passwordHash], deps))
  // An operator has set another password, or deleted the account, meanwhile.
  if (!tokens) throw new AccessRefused('bad_credentials', { userId })
  return tokens
}
