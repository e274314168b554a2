import { errorCodes, type ErrorCodeName, type Identity } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'
import { passed, refused, type CheckResult } from './step.ts'

/** The account exists and is active, and the login it came with has been neither revoked nor outlived. */
export function authCheck(
  context: Pick<TurnContext, 'active' | 'login_state'>,
  identity: Identity,
  now: Date,
): CheckResult {
  const reason = findReason(context, identity, now)
  if (reason === undefined) return passed({ role: identity.role, login: context.login_state })
  return refused({ end: 'refused', code: reason, text: errorCodes[reason].text }, { account: context.active })
}

function findReason(
  { active, login_state }: Pick<TurnContext, 'active' | 'login_state'>,
  identity: Identity,
  now: Date,
): ErrorCodeName | undefined {
  if (!active) return 'account_inactive'
  if (login_state === 'revoked') return 'login_revoked'
  // A login that no row knows comes from an existing deployment: its own expiry counts.
  if (login_state === 'expired' || identity.session_exp * 1000 <= now.getTime()) return 'login_expired'
  return undefined
}
