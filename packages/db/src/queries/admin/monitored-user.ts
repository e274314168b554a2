import { sql } from 'kysely'
import type { Database } from '../../open-database.ts'

/** That a user's events may be followed live. */
export interface Monitoring {
  readonly expires_at: Date
  readonly started_at: Date
  readonly started_by: number
}

/** A user's current monitoring; undefined when there is none. */
export async function loadMonitoring(
  userId: number,
  { db }: Pick<Database, 'db'>,
): Promise<Monitoring | undefined> {
  const { rows } = await sql<Monitoring>`
    select expires_at, started_at, started_by from omni2.monitored_users
    where user_id = ${userId} and expires_at > now()
  `.execute(db)
  return rows[0]
}

/** Begins a user's monitoring, or extends it to that long from now; deletes expired rows of other users. */
export async function startMonitoring(
  userId: number,
  { ttlSeconds, startedBy }: { ttlSeconds: number; startedBy: number },
  { db }: Pick<Database, 'db'>,
): Promise<void> {
  await sql`delete from omni2.monitored_users where expires_at <= now()`.execute(db)
  await sql`
    insert into omni2.monitored_users (user_id, started_by, expires_at)
    values (${userId}, ${startedBy}, now() + ${ttlSeconds} * interval '1 second')
    on conflict (user_id) do update set expires_at = excluded.expires_at
  `.execute(db)
}

/** Ends a user's monitoring. */
export async function stopMonitoring(userId: number, { db }: Pick<Database, 'db'>): Promise<void> {
  await sql`delete from omni2.monitored_users where user_id = ${userId}`.execute(db)
}
