import type { IncomingMessage } from 'node:http'
import { authenticate, checkIdentityHeaders, type AssertionDeps } from '@omni2/identity'
import { findAccountRefusal, loadSessionUser, type Database, type SessionUser } from '@omni2/db'
import type { OriginRules } from '@omni2/service-kit'
import { checkOrigin } from './check-origin.ts'
import type { ConsoleConfig } from '../config.ts'
import { ConsoleRefused } from '../console-refused.ts'

/** What an operation asks of a role: to look, or to change; nothing for what is the user's own. */
export type Access = 'read' | 'change' | 'own'

/** Who asks, with the role as of now. */
export interface Actor {
  readonly userId: number
  readonly username: string
  readonly role: string
  readonly sid: string
  /** Whether the role may look at what is of others. */
  readonly isOperator: boolean
}

export interface AdmitDeps {
  readonly keys: AssertionDeps['keys']
  readonly database: Pick<Database, 'db'>
  readonly origins: OriginRules
  readonly log: AssertionDeps['log']
  readonly config: Pick<ConsoleConfig, 'AUTH_CLOCK_TOLERANCE_SECONDS' | 'ADMIN_ROLES' | 'OPERATOR_ROLES'>
}

type ProvingRequest = Pick<IncomingMessage, 'headers' | 'rawHeaders' | 'method' | 'url'>

/** Lets a request in: its proof, its origin, its account and its role. Throws IdentityRefused or ConsoleRefused. */
export async function admitRequest(
  { headers, rawHeaders, method = '', url = '' }: ProvingRequest,
  access: Access,
  { keys, database, origins, config, log }: AdmitDeps,
): Promise<Actor> {
  checkIdentityHeaders(rawHeaders)
  const { origin, host, authorization } = headers
  checkOrigin({ method, origin, host, authorization }, { origins })
  const path = url.replace(/[?#].*$/s, '')
  const bound = { keys, clockToleranceSeconds: config.AUTH_CLOCK_TOLERANCE_SECONDS, log }
  const { user_id: userId, sid } = await authenticate(headers, { method, path }, bound)
  return checkActor({ userId, sid }, access, { database, config })
}

/** The account behind a login as of now. Throws ConsoleRefused unless it is valid and its role gives that access. */
export async function checkActor(
  login: Pick<Actor, 'userId' | 'sid'>,
  access: Access,
  { database, config }: Pick<AdmitDeps, 'database' | 'config'>,
): Promise<Actor> {
  const user = await loadSessionUser(login, database)
  if (user === undefined) throw new ConsoleRefused('unknown_user')
  const refusal = findActorRefusal(user)
  if (refusal) throw new ConsoleRefused(refusal)
  const role = user.role_name ?? ''
  if (!mayAccess(role, access, config)) throw new ConsoleRefused('forbidden')
  return { ...login, username: user.username, role, isOperator: mayAccess(role, 'read', config) }
}

/**
 * Why an account may not use the console; undefined where it may. Who asks (401) comes before what they may (403), so the
 * login is judged before the account. Blocks are for chat and its tools.
 */
export function findActorRefusal(user: Pick<SessionUser, 'active' | 'login_state'>) {
  return (
    findAccountRefusal(user, { ignoring: ['account_inactive', 'blocked'] }) ??
    findAccountRefusal(user, { ignoring: ['blocked', 'login_revoked', 'login_expired'] })
  )
}

function mayAccess(
  role: string,
  access: Access,
  { ADMIN_ROLES, OPERATOR_ROLES }: Pick<ConsoleConfig, 'ADMIN_ROLES' | 'OPERATOR_ROLES'>,
): boolean {
  if (access === 'own' || ADMIN_ROLES.includes(role)) return true
  return access === 'read' && OPERATOR_ROLES.includes(role)
}
