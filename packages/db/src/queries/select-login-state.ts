import { idSchema } from '@omni2/contracts'
import { type RawBuilder, sql } from 'kysely'

/** `unknown`: no such login of this user. */
export type LoginState = 'live' | 'revoked' | 'expired' | 'unknown'

export interface Login {
  readonly sid: string
  readonly userId: number
}

/** SQL expression for the state of a login by the database's clock; a sid that is no UUID is `unknown`. */
export function selectLoginState({ sid, userId }: Login): RawBuilder<LoginState> {
  const known = idSchema.safeParse(sid).data ?? null
  return sql<LoginState>`coalesce((
    select case
      when session.revoked_at is not null then 'revoked'
      when session.expires_at <= now() then 'expired'
      else 'live'
    end
    from auth_service.sessions session
    where session.sid = ${known}::uuid and session.user_id = ${userId}
  ), 'unknown')`
}
