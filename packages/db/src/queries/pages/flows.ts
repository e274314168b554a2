import type { TurnSource, TurnStatus } from '@omni2/contracts'
import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../../open-database.ts'
import type { Page } from '../admin/page.ts'
import { type Place, placeOf, timeOf, wordsOf } from './place.ts'

/** Which turns a flow history shows; what is absent does not count. */
export interface FlowFilter {
  readonly userId?: number | undefined
  readonly conversationId?: string | undefined
  readonly source?: TurnSource | undefined
  readonly status?: TurnStatus | undefined
  readonly model?: string | undefined
  /** `server.tool`, or all tools of a server. */
  readonly tool?: string | undefined
  /** Acceptance, from this time on and before that one. */
  readonly since?: Date | undefined
  readonly until?: Date | undefined
  /** Words of question or answer; of ended turns. */
  readonly search?: string | undefined
  /** Only turns that failed: error, interrupted, refused, blocked. */
  readonly failed?: boolean | undefined
  /** USD, at least. */
  readonly costFrom?: number | undefined
}

/** A turn in a flow history. Times in milliseconds; cost in USD, with attempts that died. */
export interface ListedFlow {
  readonly session_id: string
  readonly conversation_id: string | null
  readonly user_id: number
  readonly username: string | null
  readonly source: TurnSource
  readonly status: TurnStatus
  readonly attempt: number
  readonly question: string
  readonly model: string | null
  readonly tools_used: string[]
  readonly tokens_input: number | null
  readonly tokens_output: number | null
  readonly cost_usd: number | null
  readonly error_code: string | null
  readonly queue_ms: number | null
  readonly first_token_ms: number | null
  readonly duration_ms: number | null
  readonly created_at: Date
  readonly ended_at: Date | null
  readonly place: string
}

/** Turns of one conversation among those that a flow history shows. */
export interface FlowGroup {
  readonly conversation_id: string
  readonly user_id: number
  readonly username: string | null
  readonly title: string
  readonly turns: number
  readonly failed: number
  readonly tokens: number
  readonly cost_usd: number
  readonly first_at: Date
  readonly last_at: Date
  /** The last of these turns. */
  readonly last_session_id: string
}

/** What happened in one step of time. */
export interface FlowBucket {
  readonly at: Date
  readonly turns: number
  readonly failed: number
  readonly tokens: number
  readonly cost_usd: number
  readonly first_token_p50_ms: number | null
  readonly first_token_p95_ms: number | null
  readonly duration_p50_ms: number | null
  readonly duration_p95_ms: number | null
}

const result = sql`turn.result #> '{body,result}'`
const costOf = (turn: RawBuilder<unknown>) =>
  sql`(coalesce(${turn}.cost_usd, 0) + ${turn}.abandoned_cost_usd)`
const cost = costOf(sql`turn`)
const failedEnds = sql.join(['error', 'interrupted', 'refused', 'blocked'].map((end) => sql.lit(end)))

/** Characters of a question in a list. */
const questionLength = 200

/** Turns by their acceptance, the newest first. */
export async function listFlows(
  filter: FlowFilter,
  { after, limit }: Page<Place>,
  database: Pick<Database, 'db'>,
): Promise<ListedFlow[]> {
  const { found, matches } = await narrow(filter, database)
  const { rows } = await sql<ListedFlow>`
    with ${found} always as (select)
    select turn.session_id, turn.conversation_id, turn.user_id, "user".username, turn.source, turn.status, turn.attempt,
      left(turn.user_text, ${sql.lit(questionLength)}) as question, turn.model,
      array(select jsonb_array_elements_text(coalesce(${result} -> 'tools_used', '[]'))) as tools_used,
      turn.tokens_input, turn.tokens_output, ${cost}::float8 as cost_usd,
      turn.result #>> '{body,code}' as error_code,
      coalesce((${result} ->> 'queue_ms')::float8::int,
        (extract(epoch from turn.started_at - turn.created_at) * 1000)::int) as queue_ms,
      (${result} ->> 'first_token_ms')::float8::int as first_token_ms,
      (extract(epoch from turn.ended_at - turn.created_at) * 1000)::int as duration_ms,
      turn.created_at, turn.ended_at, ${placeOf(sql`turn.created_at`)} as place
    from omni2.turns turn left join auth_service.users "user" on "user".id = turn.user_id
    where ${matches('turn')} and ${isAfter(after)}
    order by turn.created_at desc, turn.session_id desc limit ${limit}
  `.execute(database.db)
  return rows
}

/**
 * Conversations by the acceptance of their last such turn, the newest first. It walks back over turns that have no later
 * one in their conversation, so a page costs what it shows; `place` and `last_session_id` are of that turn.
 */
export async function listFlowGroups(
  filter: FlowFilter,
  { after, limit }: Page<Place>,
  database: Pick<Database, 'db'>,
): Promise<(FlowGroup & { readonly place: string })[]> {
  const { found, matches } = await narrow(filter, database)
  const { rows } = await sql<FlowGroup & { place: string }>`
    with ${found} always as (select)
    select turn.conversation_id, turn.user_id, "user".username,
      coalesce(conversation.title, (select left(first.user_text, ${sql.lit(questionLength)})
        from omni2.turns first where first.conversation_id = turn.conversation_id
        order by first.created_at limit 1), '') as title,
      sums.*, turn.created_at as last_at, turn.session_id as last_session_id,
      ${placeOf(sql`turn.created_at`)} as place
    from omni2.turns turn
      left join auth_service.users "user" on "user".id = turn.user_id
      left join omni2.conversations conversation on conversation.conversation_id = turn.conversation_id
      cross join lateral (
        select count(*)::int as turns, (count(*) filter (where part.status in (${failedEnds})))::int as failed,
          coalesce(sum(coalesce(part.tokens_input, 0) + coalesce(part.tokens_output, 0)), 0)::float8 as tokens,
          coalesce(sum(${costOf(sql`part`)}), 0)::float8 as cost_usd, min(part.created_at) as first_at
        from omni2.turns part
        where part.conversation_id = turn.conversation_id and ${matches('part')}) sums
    where turn.conversation_id is not null and ${matches('turn')} and ${isAfter(after)}
      and not exists (
        select from omni2.turns later
        where later.conversation_id = turn.conversation_id and ${matches('later')}
          and (later.created_at, later.session_id) > (turn.created_at, turn.session_id))
    order by turn.created_at desc, turn.session_id desc limit ${limit}
  `.execute(database.db)
  return rows
}

/** The same turns by steps of `stepSeconds`, the oldest first; a step without turns is left out. */
export async function listFlowBuckets(
  filter: FlowFilter,
  { stepSeconds, most }: { stepSeconds: number; most: number },
  database: Pick<Database, 'db'>,
): Promise<FlowBucket[]> {
  const { found, matches } = await narrow(filter, database)
  const { rows } = await sql<FlowBucket>`
    with ${found} counted as (
      select date_bin(make_interval(secs => ${stepSeconds}), turn.created_at, 'epoch') as at,
        turn.status in (${failedEnds}) as failed,
        coalesce(turn.tokens_input, 0) + coalesce(turn.tokens_output, 0) as tokens, ${cost} as cost,
        (${result} ->> 'first_token_ms')::float8 as first_token_ms,
        extract(epoch from turn.ended_at - turn.created_at)::float8 * 1000 as duration_ms
      from omni2.turns turn where ${matches('turn')}
    )
    select at, turns, failed, tokens, cost_usd,
      first_token[1]::int as first_token_p50_ms, first_token[2]::int as first_token_p95_ms,
      duration[1]::int as duration_p50_ms, duration[2]::int as duration_p95_ms
    from (
      select at, count(*)::int as turns, (count(*) filter (where failed))::int as failed,
        sum(tokens)::float8 as tokens, sum(cost)::float8 as cost_usd,
        percentile_disc(array[0.5, 0.95]) within group (order by first_token_ms) as first_token,
        percentile_disc(array[0.5, 0.95]) within group (order by duration_ms) as duration
      from counted group by at order by at limit ${most}) summed
    order by at
  `.execute(database.db)
  return rows
}

const isAfter = (after: Place | undefined): RawBuilder<unknown> =>
  after === undefined
    ? sql`true`
    : sql`(turn.created_at, turn.session_id) < (${timeOf(after.at)}, ${after.id}::uuid)`

/** Turns up to which a word or a tool counts as rare: those are looked up first, else it is looked for in turn after turn. */
const rareTurns = 10_000

/** A filter as conditions: `matches` of a table by its alias, `found` as the table expression that they may need. */
interface Narrowed {
  readonly found: RawBuilder<unknown>
  readonly matches: (alias: string) => RawBuilder<unknown>
}

/** A condition that an index can answer for all turns at once. */
interface Lookup {
  /** How many turns it holds for, up to one more than rare ones. */
  readonly count: RawBuilder<unknown>
  /** As the index knows it. */
  readonly looksUp: (turn: RawBuilder<unknown>) => RawBuilder<unknown>
  /** As it is asked of one turn. */
  readonly holds: (turn: RawBuilder<unknown>) => RawBuilder<unknown>
}

/** Decides how a filter is asked for; the planner cannot, as it does not know how rare a word or a tool is. */
async function narrow(filter: FlowFilter, { db }: Pick<Database, 'db'>): Promise<Narrowed> {
  const rare: Lookup[] = []
  const common: Lookup[] = []
  for (const lookup of lookupsOf(filter)) {
    const list = (await countTurns(lookup, db)) <= rareTurns ? rare : common
    list.push(lookup)
  }
  const others = (turn: RawBuilder<unknown>) =>
    sql.join([match(filter, turn), ...common.map(({ holds }) => holds(turn))], sql` and `)
  if (rare.length === 0) return { found: sql``, matches: (alias) => others(sql.id(alias)) }
  const wanted = rare.map(({ looksUp }) => looksUp(sql`turn`))
  return {
    found: sql`found as materialized (
      select turn.session_id from omni2.turns turn where ${sql.join(wanted, sql` and `)}),`,
    matches: (alias) =>
      sql`${others(sql.id(alias))} and ${sql.id(alias)}.session_id in (select session_id from found)`,
  }
}

async function countTurns({ count }: Lookup, db: Database['db']): Promise<number> {
  const { rows } = await sql<{ count: string }>`select ${count} as count`.execute(db)
  return Number(rows[0]?.count)
}

function lookupsOf({ search, tool, userId }: FlowFilter): Lookup[] {
  const lookups: Lookup[] = []
  if (search !== undefined) {
    const words = sql`(${userId === undefined ? sql`` : sql`${`'user ${userId}'`}::tsquery && `}${wordsOf(search)})`
    const says = (turn: RawBuilder<unknown>) => sql`
      ${turn}.ended_at is not null and omni2.turn_words(${turn}.user_id, ${turn}.user_text, ${turn}.answer) @@ ${words}`
    lookups.push({
      count: sql`omni2.count_turns_with(${words}, ${rareTurns + 1})`,
      looksUp: says,
      holds: says,
    })
  }
  if (tool !== undefined)
    lookups.push({
      count: sql`omni2.count_turns_using(${tool}, ${rareTurns + 1})`,
      looksUp: (turn) => sql`
        ${turn}.result #> '{body,result,tools_used,0}' is not null
        and omni2.turn_tools(${turn}.result) @> array[${tool}]::text[]`,
      holds: (turn) => usesTool(turn, tool),
    })
  return lookups
}

function match(filter: FlowFilter, turn: RawBuilder<unknown>): RawBuilder<unknown> {
  const { userId, conversationId, source, status, model, since, until, failed, costFrom } = filter
  const conditions = [
    userId === undefined ? undefined : sql`${turn}.user_id = ${userId}`,
    conversationId === undefined ? undefined : sql`${turn}.conversation_id = ${conversationId}::uuid`,
    source === undefined ? undefined : sql`${turn}.source = ${source}`,
    status === undefined ? undefined : sql`${turn}.status = ${status}`,
    model === undefined ? undefined : sql`${turn}.model = ${model}`,
    since === undefined ? undefined : sql`${turn}.created_at >= ${since}`,
    until === undefined ? undefined : sql`${turn}.created_at < ${until}`,
    failed === true ? sql`${turn}.status in (${failedEnds})` : undefined,
    costFrom === undefined ? undefined : sql`${costOf(turn)} >= ${costFrom}`,
  ].filter((condition) => condition !== undefined)
  return conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `)
}

const usesTool = (turn: RawBuilder<unknown>, tool: string): RawBuilder<unknown> => sql`
  exists (select from jsonb_array_elements_text(coalesce(${turn}.result #> '{body,result,tools_used}', '[]')) used
    where used = ${tool} or used like ${`${tool.replaceAll(/[\\%_]/g, '\\$&')}.%`})`
