import { blockText, isBlockedForChat, type Block } from '../permissions/block.ts'
import { passed, refused, type CheckResult } from '../record/step.ts'

/** The user is not blocked for chat; a custom message is told in place of the reason. */
export function blockCheck(block: Block): CheckResult {
  if (!isBlockedForChat(block)) return passed({ blocked: false })
  return refused(
    { end: 'blocked', code: 'blocked', text: blockText(block) },
    { blocked: true, reason: block.block_reason },
  )
}
