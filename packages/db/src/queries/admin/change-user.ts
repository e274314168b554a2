import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

/** The part of an account that operators change. */
export interface Account {
  readonly id: number
  readonly username: string
  readonly name: string
  readonly email: string | null
  readonly role: string | null
  readonly active: boolean
  /** Requests a minute. */
  readonly rate_limit_override: number | null
  readonly last_login_at: Date | null
  readonly created_at: Date | null
}

/** One account; undefined when there is none. */
export async function loadAccount(
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<Account | undefined> {
  const { rows } = await sql<Account>`
    select "user".id, "user".username, "user".name, "user".email, role.name as role, "user".active,
      "user".rate_limit_override, "user".last_login_at, "user".created_at
    from auth_service.users "user"
    left join auth_service.roles role on role.id = "user".role_id
    where "user".id = ${userId}
  `.execute(db)
  return rows[0]
}

export interface AccountChange {
  readonly role?: string | null | undefined
  readonly active?: boolean | undefined
  readonly rate_limit_override?: number | null | undefined
}

/** Changes what is given; a role that does not exist changes nothing and gives false. */
export async function changeAccount(
  userId: number,
  { role, active, rate_limit_override }: AccountChange,
  { db }: Pick<Database, 'db'>,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update auth_service.users set
      role_id = case when ${role === undefined} then role_id
        else (select id from auth_service.roles where name = ${role ?? null}) end,
      active = coalesce(${active ?? null}::boolean, active),
      rate_limit_override = case when ${rate_limit_override === undefined} then rate_limit_override
        else ${rate_limit_override ?? null}::integer end,
      updated_at = now()
    where id = ${userId}
      and (${role ?? null}::text is null or exists (select from auth_service.roles where name = ${role ?? null}))
  `.execute(db)
  return numAffectedRows === 1n
}
