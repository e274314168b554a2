import { idSchema } from '@omni2/contracts'
import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import { type Login, type LoginState, selectLoginStateOf } from './select-login-state.ts'

/** What decides whether a login may go on chatting. */
export interface Standing extends Login {
  /** False also where there is no such user. */
  readonly active: boolean
  readonly login_state: LoginState
  /** Null where the user has no block row. */
  readonly is_blocked: boolean | null
  readonly blocked_services: string[] | null
  readonly block_reason: string | null
  readonly custom_block_message: string | null
}

/** Reads the state of these logins, each once and in one statement. */
export async function loadStandings(
  logins: readonly Login[],
  { db }: Pick<Database, 'db'>,
): Promise<Standing[]> {
  const userIds = logins.map(({ userId }) => userId)
  const sids = logins.map(({ sid }) => idSchema.safeParse(sid).data ?? null)
  const { rows } = await sql<Omit<Standing, 'sid' | 'userId'> & { place: number }>`
    select login.place::int, coalesce("user".active, false) as active,
      block.is_blocked, block.blocked_services, block.block_reason, block.custom_block_message,
      ${selectLoginStateOf({ sid: sql`login.sid`, userId: sql`login.user_id` })} as login_state
    from unnest(${userIds}::int[], ${sids}::uuid[]) with ordinality as login (user_id, sid, place)
    left join auth_service.users "user" on "user".id = login.user_id
    left join omni2.user_blocks block on block.user_id = login.user_id
  `.execute(db)
  return rows.flatMap(({ place, ...standing }) => {
    const login = logins[place - 1]
    return login ? [{ ...login, ...standing }] : []
  })
}
