import type { Database } from '../open-database.ts'

export interface LoginUser {
  readonly id: number
  readonly username: string
  readonly active: boolean
  /** bcrypt; null for accounts that cannot log in with a password. */
  readonly password_hash: string | null
  /** Null for a user without a role. */
  readonly role_name: string | null
  /** Seconds; null where role or value is missing. */
  readonly token_expiry: number | null
}

/** The user with this username or, where no username is it, this e-mail address; exact to the letter. */
export function findUserByLogin(login: string, { db }: Pick<Database, 'db'>): Promise<LoginUser | undefined> {
  return db
    .selectFrom('auth_service.users as user')
    .leftJoin('auth_service.roles as role', 'role.id', 'user.role_id')
    .select(['user.id', 'user.username', 'user.active', 'user.password_hash'])
    .select(['role.name as role_name', 'role.token_expiry'])
    .where((where) => where.or([where('user.username', '=', login), where('user.email', '=', login)]))
    .orderBy((order) => order('user.username', '=', login), 'desc')
    .limit(1)
    .executeTakeFirst()
}
