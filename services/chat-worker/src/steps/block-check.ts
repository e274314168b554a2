import { findAccountRefusal } from '@omni2/db'
import { blockText, type Block } from '../permissions/block-text.ts'
import { passed, refused, type CheckResult } from '../record/step.ts'

/** The user is not blocked for chat. A custom message replaces the reason. */
export function blockCheck(block: Block): CheckResult {
  // The step before checks account and login.
  const ignoring = ['account_inactive', 'login_revoked', 'login_expired'] as const
  if (findAccountRefusal(block, { ignoring }) === undefined) return passed({ blocked: false })
  return refused(
    { end: 'blocked', code: 'blocked', text: blockText(block) },
    { blocked: true, reason: block.block_reason },
  )
}
