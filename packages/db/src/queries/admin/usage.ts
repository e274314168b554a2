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
    select to_char(used.day, 'YYYY-MM-DD') as day, used.user_id, "user".username, nullif(used.model, '') as model,
      ${sums}
    from omni2.usage_days used left join auth_service.users "user" on "user".id = used.user_id
    where ${matches(filter)}
      -- What was counted and is gone again.
      and (used.requests, used.tokens_input + used.tokens_output + used.tokens_abandoned, used.cost_usd) <> (0, 0, 0)
      and (${after === undefined}
      or used.day < ${after?.day ?? null}::date
      or (used.day = ${after?.day ?? null}::date
        and (used.user_id, used.model) > (${after?.userId ?? 0}::int, ${after?.model ?? ''}::text)))
    order by used.day desc, used.user_id, used.model limit ${limit}
  `.execute(db)
  return rows
}

/** Usage of all those days together. */
export async function sumUsage(filter: UsageFilter, { db }: Pick<Database, 'db'>): Promise<UsageSum> {
  const { rows } = await sql<UsageSum>`select ${sums} from (
    select coalesce(sum(requests), 0) as requests, coalesce(sum(tokens_input), 0) as tokens_input,
      coalesce(sum(tokens_output), 0) as tokens_output, coalesce(sum(tokens_cached), 0) as tokens_cached,
      coalesce(sum(tokens_abandoned), 0) as tokens_abandoned, coalesce(sum(cost_usd), 0) as cost_usd
    from omni2.usage_days used where ${matches(filter)}) used`.execute(db)
  const [sum] = rows
  if (sum === undefined) throw new Error('a sum has a row')
  return sum
}

const sums = sql`
  used.requests::int, used.tokens_input::float8, used.tokens_output::float8, used.tokens_cached::float8,
  used.tokens_abandoned::float8, used.cost_usd::float8`

const matches = ({ userId, since, until }: UsageFilter): RawBuilder<unknown> => sql`
  used.day >= ${since}::date
  and (${until ?? null}::date is null or used.day <= ${until ?? null}::date)
  and (${userId ?? null}::integer is null or used.user_id = ${userId ?? null})`
