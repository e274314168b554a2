import { errorCodes } from '@omni2/contracts'
import { findAccountRefusal, type TurnContext } from '@omni2/db'
import { blockText, type Block } from './block-text.ts'

/** Why a user may not be connected, with the text for people; undefined where they may. */
export function findChatRefusal(account: Block & Pick<TurnContext, 'active' | 'login_state'>) {
  // The edge knows when a login runs out, and lets the turn end that it began.
  const code = findAccountRefusal(account, { ignoring: ['login_expired'] })
  return code && { code, message: code === 'blocked' ? blockText(account) : errorCodes[code].text }
}
