import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

export interface Administrator {
  readonly id: number
  readonly username: string
}

/** Active accounts with one of these roles, by id; some of them where there are many. */
export async function listAdministrators(
  roles: readonly string[],
  { db }: Pick<Database, 'db'>,
): Promise<Administrator[]> {
  const { rows } = await sql<Administrator>`
    select "user".id, "user".username
    from auth_service.users "user"
    join auth_service.roles role on role.id = "user".role_id
    where "user".active and role.name = any(${roles}::text[])
    order by "user".id limit 10
  `.execute(db)
  return rows
}
