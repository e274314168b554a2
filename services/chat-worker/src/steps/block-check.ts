import { errorCodes } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'
import { passed, refused, type CheckResult } from './step.ts'

type Block = Pick<TurnContext, 'is_blocked' | 'blocked_services' | 'block_reason' | 'custom_block_message'>

/** The user is not blocked for chat; a custom message is told in place of the reason. */
export function blockCheck(block: Block): CheckResult {
  if (!isBlockedForChat(block)) return passed({ blocked: false })
  return refused(
    { end: 'blocked', code: 'blocked', text: blockText(block) },
    { blocked: true, reason: block.block_reason },
  )
}

/** A block without a list of services is for all of them. */
export const isBlockedForChat = (block: Pick<Block, 'is_blocked' | 'blocked_services'>): boolean =>
  block.is_blocked === true && (block.blocked_services === null || block.blocked_services.includes('chat'))

/** What a blocked user is told. */
export const blockText = (block: Pick<Block, 'block_reason' | 'custom_block_message'>): string =>
  block.custom_block_message?.trim() || block.block_reason?.trim() || errorCodes.blocked.text
