import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

export interface NewAccount {
  readonly id: number
  readonly username: string
  readonly name: string
  readonly email: string | null
  /** The name of a role that exists; null: none. */
  readonly role: string | null
  /** bcrypt; null: no login until there is one. */
  readonly passwordHash: string | null
}

/** Takes the next id that no account has. Ids that were given by hand may lie ahead of the sequence. */
export async function takeAccountId({ db }: Pick<Database, 'db'>): Promise<number> {
  for (;;) {
    const { rows } = await sql<{ id: number; is_taken: boolean }>`
      select next.id, exists (select from auth_service.users "user" where "user".id = next.id) as is_taken
      from (select nextval(pg_get_serial_sequence('auth_service.users', 'id'))::int as id) next
    `.execute(db)
    if (rows[0]?.is_taken === false) return rows[0].id
  }
}

/** Adds an account. Throws a unique violation where the id, the username or the e-mail address is taken. */
export async function insertAccount(
  { id, username, name, email, role, passwordHash }: NewAccount,
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`
    insert into auth_service.users (id, username, name, email, role_id, password_hash, active)
    values (${id}, ${username}, ${name}, ${email},
      (select id from auth_service.roles where name = ${role}), ${passwordHash}, true)
  `.execute(db)
}

/** An account that one of these names opens at a login, as username or e-mail address, in upper or lower case. */
export interface NameHolder {
  readonly id: number
  readonly username: string
  readonly email: string | null
}

/** The account that holds one of these names; undefined when all of them are free. */
export async function findNameHolder(
  names: readonly string[],
  { db }: Pick<Database, 'db'>,
): Promise<NameHolder | undefined> {
  const { rows } = await sql<NameHolder>`
    select id, username, email from auth_service.users
    where lower(username) in (select lower(unnest(${names}::text[])))
      or lower(email) in (select lower(unnest(${names}::text[])))
    order by id limit 1
  `.execute(db)
  return rows[0]
}
