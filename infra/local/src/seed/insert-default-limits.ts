import type { Client } from 'pg'
import type { LimitKind } from '@omni2/contracts'

/** For users and roles that set none; room enough for a load test by hand, and an end to what a mistake can cost. */
const defaultLimits: Partial<Record<LimitKind, number>> = {
  requests_per_minute: 120,
  concurrent_turns: 250,
  cost_daily: 25,
}

/** Sets `limits.default` where it is not set. */
export async function insertDefaultLimits(db: Pick<Client, 'query'>): Promise<void> {
  await db.query(
    `insert into omni2.omni2_config (config_key, config_value, description)
     values ('limits.default', $1, 'Limits for users and roles that set none; costs are USD a UTC day')
     on conflict (config_key) do nothing`,
    [JSON.stringify(defaultLimits)],
  )
}
