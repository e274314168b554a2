import type { ControlMessage } from '@omni2/contracts'
import type { Connections, ServedClient } from '../connection/connections.ts'
import type { RefusedUsers } from './refused-users.ts'
import { recheckUsers, type RecheckDeps } from './recheck-users.ts'

export interface ControlDeps extends RecheckDeps {
  readonly connections: Connections
  readonly refusedUsers: Pick<RefusedUsers, 'forget'>
}

/** What existing clients and operators read in the close of a connection that was ended by hand. */
const kickedReason = 'Disconnected by an operator'

/** Applies a change to a user: each connection that lost its right gets the reason in a frame and closes at once. */
export async function applyControl(
  { user_id, change, sid }: ControlMessage,
  deps: ControlDeps,
): Promise<void> {
  deps.refusedUsers.forget(user_id)
  const ofLogin = (connection: ServedClient) => sid === null || connection.identity.sid === sid
  const connections = [...deps.connections.ofUser(user_id)].filter(ofLogin)
  switch (change) {
    case 'logged_out':
      return connections.forEach((connection) => connection.expel({ code: 'login_revoked', message: '' }))
    case 'kicked':
      return connections.forEach((connection) => connection.close(1008, kickedReason))
    case 'blocked':
    case 'deactivated':
      // The database has the text for the user, and whether the block is for chat at all.
      return recheckUsers(connections, deps)
    case 'unblocked':
    case 'permissions':
    case 'limits':
      return // Workers look these up for every turn.
  }
}
