import { idSchema } from '@omni2/contracts'
import { type Expression, type RawBuilder, sql } from 'kysely'

/** `unknown`: no such login of this user. */
export type LoginState = 'live' | 'revoked' | 'expired' | 'unknown'

export interface Login {
  readonly sid: string
  readonly userId: number
}

/** SQL expression for the state of a login by the database's clock; a sid that is no UUID is `unknown`. */
export const selectLoginState = ({ sid, userId }: Login): RawBuilder<LoginState> =>
  selectLoginStateOf({ sid: selectSid(sid), userId: sql`${userId}` })

/** A sid as SQL; null for what is no UUID. */
export const selectSid = (sid: string): RawBuilder<string | null> =>
  sql`${idSchema.safeParse(sid).data ?? null}::uuid`

/** The same for a login whose parts are SQL themselves. */
export function selectLoginStateOf(login: {
  readonly sid: Expression<unknown>
  readonly userId: Expression<unknown>
}): RawBuilder<LoginState> {
  return sql<LoginState>`coalesce((
    select case
      when session.revoked_at is not null then 'revoked'
      when session.expires_at <= now() then 'expired'
      else 'live'
    end
    from auth_service.sessions session
    where session.sid = ${login.sid} and session.user_id = ${login.userId}
  ), 'unknown')`
}
