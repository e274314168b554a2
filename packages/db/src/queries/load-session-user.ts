import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from 'kysely'
import type { Database } from '../open-database.ts'
import type { Users } from '../schema/users.ts'
import { type LoginState, selectLoginStateOf, selectSid } from './select-login-state.ts'

/** Names one account; each of the three is unique, and exact to the letter. */
export type AccountKey =
  | { readonly userId: number }
  | { readonly username: string }
  | { readonly email: string }

export interface SessionUser {
  readonly id: number
  readonly username: string
  readonly active: boolean
  /** Null for a user without a role. */
  readonly role_name: string | null
  readonly login_state: LoginState
}

/** The user behind a token and the state of the login it comes from; undefined when there is no such user. */
export function loadSessionUser(
  login: { readonly sid: string } & AccountKey,
  { db }: Pick<Database, 'db'>,
): Promise<SessionUser | undefined> {
  const state = selectLoginStateOf({ sid: selectSid(login.sid), userId: sql.ref('user.id') })
  return db
    .selectFrom('auth_service.users as user')
    .leftJoin('auth_service.roles as role', 'role.id', 'user.role_id')
    .select(['user.id', 'user.username', 'user.active', 'role.name as role_name'])
    .select(state.as('login_state'))
    .where((where) => matchAccount(login, where))
    .executeTakeFirst()
}

function matchAccount<D extends { user: Users }>(
  account: AccountKey,
  where: ExpressionBuilder<D, 'user'>,
): ExpressionWrapper<D, 'user', SqlBool> {
  if ('userId' in account) return where(sql.ref('user.id'), '=', account.userId)
  if ('username' in account) return where(sql.ref('user.username'), '=', account.username)
  return where(sql.ref('user.email'), '=', account.email)
}
