import { sql } from 'kysely'
import type { Database } from '../open-database.ts'
import type { NewSession } from './insert-session.ts'

export interface NewLogin extends NewSession {
  /** SHA-256 of the login's first refresh token. */
  readonly refreshTokenHash: Buffer
  /** When that token ends, if the login does not end before. */
  readonly refreshEndsAt: Date
}

/** Records a login, its first refresh token and when its user was last here, in one statement. */
export async function recordLogin(login: NewLogin, { db }: Pick<Database, 'db'>): Promise<void> {
  const { sid, userId, expiresAt, refreshTokenHash, refreshEndsAt } = login
  const endsAt = refreshEndsAt < expiresAt ? refreshEndsAt : expiresAt
  await db
    .with('session', (open) =>
      open.insertInto('auth_service.sessions').values({ sid, user_id: userId, expires_at: expiresAt }),
    )
    .with('refresh_token', (make) =>
      make
        .insertInto('auth_service.refresh_tokens')
        .values({ token_hash: refreshTokenHash, sid, expires_at: endsAt }),
    )
    .updateTable('auth_service.users')
    .set({ last_login_at: sql`current_timestamp` })
    .where('id', '=', userId)
    .execute()
}
