import { errorCodes } from '@omni2/contracts'
import { findAccountRefusal, type TurnContext } from '@omni2/db'
import { blockText, type Block } from './block-text.ts'

/** Why a user may not connect, with the text for people; undefined if they may. */
export function findChatRefusal(account: Block & Pick<TurnContext, 'active' | 'login_state'>) {
  // The edge knows when a login expires, and lets its running turn end.
  const code = findAccountRefusal(account, { ignoring: ['login_expired'] })
  return code && { code, message: code === 'blocked' ? blockText(account) : errorCodes[code].text }
}
