import type { Database } from '../open-database.ts'
import { type Login, type LoginState, selectLoginState } from './select-login-state.ts'

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
  login: Login,
  { db }: Pick<Database, 'db'>,
): Promise<SessionUser | undefined> {
  return db
    .selectFrom('auth_service.users as user')
    .leftJoin('auth_service.roles as role', 'role.id', 'user.role_id')
    .select(['user.id', 'user.username', 'user.active', 'role.name as role_name'])
    .select(selectLoginState(login).as('login_state'))
    .where('user.id', '=', login.userId)
    .executeTakeFirst()
}
