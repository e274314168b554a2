import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'
import { patternOf, type Page } from './page.ts'

export interface ListedUser {
  readonly id: number
  readonly username: string
  readonly name: string
  readonly email: string | null
  readonly role: string | null
  readonly active: boolean
  readonly is_blocked: boolean
}

export interface UserFilter {
  /** Part of the username, name or e-mail address. */
  readonly search: string | undefined
  readonly role: string | undefined
}

/** Users by their id. */
export async function listUsers(
  { search, role }: UserFilter,
  { after = 0, limit }: Page<number>,
  { db }: Pick<Database, 'db'>,
): Promise<ListedUser[]> {
  const pattern = search === undefined ? null : patternOf(search)
  const { rows } = await sql<ListedUser>`
    select "user".id, "user".username, "user".name, "user".email, role.name as role, "user".active,
      coalesce(block.is_blocked, false) as is_blocked
    from auth_service.users "user"
    left join auth_service.roles role on role.id = "user".role_id
    left join omni2.user_blocks block on block.user_id = "user".id
    where "user".id > ${after}
      and (${role ?? null}::text is null or role.name = ${role ?? null})
      and (${pattern}::text is null or "user".username ilike ${pattern} or "user".name ilike ${pattern} or "user".email ilike ${pattern})
    order by "user".id limit ${limit}
  `.execute(db)
  return rows
}

/** Ids of a role's users, ascending. */
export async function listUserIdsOfRole(
  role: string,
  { after = 0, limit }: Page<number>,
  { db }: Pick<Database, 'db'>,
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select "user".id from auth_service.users "user"
    join auth_service.roles role on role.id = "user".role_id
    where role.name = ${role} and "user".id > ${after}
    order by "user".id limit ${limit}
  `.execute(db)
  return rows.map(({ id }) => id)
}
