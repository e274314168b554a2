import { errorCodes } from '@omni2/contracts'
import type { TurnContext } from '@omni2/db'

/** What is known of a user's block; null where there is none. */
export type Block = Pick<
  TurnContext,
  'is_blocked' | 'blocked_services' | 'block_reason' | 'custom_block_message'
>

/** The text for a blocked user: the custom message, else the reason, else the standard one. */
export const blockText = (block: Pick<Block, 'block_reason' | 'custom_block_message'>): string =>
  block.custom_block_message?.trim() || block.block_reason?.trim() || errorCodes.blocked.text
