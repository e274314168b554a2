import { errorCodes, type ErrorCodeName, type Identity } from '@omni2/contracts'
import { findAccountRefusal, type TurnContext } from '@omni2/db'
import { passed, refused, type CheckResult } from '../record/step.ts'

type Subject = Pick<TurnContext, 'active' | 'login_state' | 'replaced_known'>

/**
 * The account is active, its login is neither revoked nor expired, and a turn that this one replaces belongs to the
 * user.
 */
export function authCheck(context: Subject, identity: Identity, now: Date): CheckResult {
  const reason = findReason(context, identity, now)
  if (reason === undefined) return passed({ role: identity.role, login: context.login_state })
  return refused({ end: 'refused', code: reason, text: errorCodes[reason].text }, { account: context.active })
}

function findReason(context: Subject, identity: Identity, now: Date): ErrorCodeName | undefined {
  // The next step finds a block and has its own message.
  const refusal = findAccountRefusal(context, { ignoring: ['blocked'] })
  if (refusal) return refusal
  // A login without a row comes from an existing deployment: its own expiry counts.
  if (identity.session_exp * 1000 <= now.getTime()) return 'login_expired'
  if (context.replaced_known === false) return 'not_found'
  return undefined
}
