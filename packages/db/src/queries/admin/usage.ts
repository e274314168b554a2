import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../open-database.ts'
import type { Page } from './page.ts'

/** The usage of ended turns, their dead attempts included, as limits count it. */
export interface UsageSum {
  /** Turns that were admitted. */
  readonly requests: number
  /** Everything the model read, cached included. */
  readonly tokens_input: number
  readonly tokens_output: number
  /** Of those that were read, from the cache. */
  readonly tokens_cached: number
  /** What attempts that died may have used at most, beside the others. */
  readonly tokens_abandoned: number
  /** USD, dead attempts included. */
  readonly cost_usd: number
}

/** The same of a user and a model on a UTC day. */
export interface UsageOfDay extends UsageSum {
  /** YYYY-MM-DD. */
  readonly day: string
  readonly user_id: number
  readonly username: string | null
  /** Null: no model was asked, or a turn was lost before it was known which. */
  readonly model: string | null
}

/** UTC days, YYYY-MM-DD, both included. */
export interface UsageFilter {
  readonly userId: number | undefined
  readonly since: string
  readonly until: string | undefined
}

export interface UsageCursor {
  readonly day: string
  readonly userId: number
  /** Empty: null. */
  readonly model: string
}

/** Usage by day, user and model, the newest day first. */
export async function listUsage(
  filter: UsageFilter,
  { after, limit }: Page<UsageCursor>,
  { db }: Pick<Database, 'db'>,
): Promise<UsageOfDay[]> {
  const { rows } = await sql<UsageOfDay>`
    with used as (
      select to_char(date_bin('1 day', ended_at, '2000-01-01 00:00+00') at time zone 'UTC', 'YYYY-MM-DD') as day,
        user_id, coalesce(model, '') as model, ${sums}
      from omni2.turns where ${matches(filter)}
      group by 1, 2, 3
    )
    select used.day, used.user_id, "user".username, nullif(used.model, '') as model, used.requests,
      used.tokens_input, used.tokens_output, used.tokens_cached, used.tokens_abandoned, used.cost_usd
    from used left join auth_service.users "user" on "user".id = used.user_id
    where ${after === undefined}
      or used.day < ${after?.day ?? ''}
      or (used.day = ${after?.day ?? ''}
        and (used.user_id, used.model) > (${after?.userId ?? 0}::int, ${after?.model ?? ''}::text))
    order by used.day desc, used.user_id, used.model limit ${limit}
  `.execute(db)
  return rows
}

/** Usage of all those days together. */
export async function sumUsage(filter: UsageFilter, { db }: Pick<Database, 'db'>): Promise<UsageSum> {
  const { rows } = await sql<UsageSum>`select ${sums} from omni2.turns where ${matches(filter)}`.execute(db)
  const [sum] = rows
  if (sum === undefined) throw new Error('a sum has a row')
  return sum
}

const sums = sql`
  count(*) filter (where was_admitted)::int as requests,
  coalesce(sum(tokens_input), 0)::float8 as tokens_input, coalesce(sum(tokens_output), 0)::float8 as tokens_output,
  coalesce(sum(tokens_cache_read), 0)::float8 as tokens_cached,
  coalesce(sum(abandoned_tokens), 0)::float8 as tokens_abandoned,
  coalesce(sum(coalesce(cost_usd, 0) + abandoned_cost_usd), 0)::float8 as cost_usd`

/** A refused turn that cost nothing is no usage. */
const matches = ({ userId, since, until }: UsageFilter): RawBuilder<unknown> => sql`
  ended_at >= ${since}::date::timestamp at time zone 'UTC'
  and (${until ?? null}::date is null
    or ended_at < (${until ?? null}::date + 1)::timestamp at time zone 'UTC')
  and (${userId ?? null}::integer is null or user_id = ${userId ?? null})
  and (was_admitted or cost_usd > 0 or abandoned_cost_usd > 0)`
