import { type RecheckReply, type RecheckRequest, requests } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import type { Logger } from '@omni2/service-kit'
import type { EdgeConfig } from '../config.ts'
import type { ServedClient } from '../connection/connections.ts'

export interface RecheckDeps {
  readonly bus: Pick<Bus, 'request'>
  readonly config: Pick<EdgeConfig, 'EDGE_OPEN_TIMEOUT_MS' | 'EDGE_RECHECK_BATCH'>
  readonly log: Logger
}

/**
 * Asks whether the users of these connections may still chat, each login once, and closes the connections of those who
 * may not, as at connect. Never throws: a user without an answer stays connected, because every turn is checked as
 * well.
 */
export async function recheckUsers(connections: Iterable<ServedClient>, deps: RecheckDeps): Promise<void> {
  const logins = [...groupByLogin(connections).values()]
  for (let first = 0; first < logins.length; first += deps.config.EDGE_RECHECK_BATCH)
    await recheckLogins(logins.slice(first, first + deps.config.EDGE_RECHECK_BATCH), deps)
}

type Login = RecheckRequest['logins'][number]
type ConnectionsOfLogin = Login & { readonly connections: ServedClient[] }

const keyOf = ({ user_id, sid }: Login): string => `${user_id} ${sid}`

function groupByLogin(connections: Iterable<ServedClient>): Map<string, ConnectionsOfLogin> {
  const logins = new Map<string, ConnectionsOfLogin>()
  for (const connection of connections) {
    const { user_id, sid } = connection.identity
    const login = logins.get(keyOf({ user_id, sid })) ?? { user_id, sid, connections: [] }
    login.connections.push(connection)
    logins.set(keyOf(login), login)
  }
  return logins
}

async function recheckLogins(logins: readonly ConnectionsOfLogin[], deps: RecheckDeps): Promise<void> {
  const refused = new Map((await askRefused(logins, deps)).map((login) => [keyOf(login), login]))
  for (const login of logins) {
    const expulsion = refused.get(keyOf(login))
    if (expulsion) for (const connection of login.connections) connection.expel(expulsion)
  }
}

async function askRefused(
  logins: readonly Login[],
  { bus, config, log }: RecheckDeps,
): Promise<RecheckReply['refused']> {
  const request: RecheckRequest = { logins: logins.map(({ user_id, sid }) => ({ user_id, sid })) }
  try {
    const options = { timeoutMs: config.EDGE_OPEN_TIMEOUT_MS }
    return (await bus.request(requests.recheck, request, options)).refused
  } catch (err) {
    log.warn({ err, logins: logins.length }, 'users not rechecked')
    return []
  }
}
