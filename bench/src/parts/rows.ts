import { createHash } from 'node:crypto'
import {
  listConversations,
  listFlowBuckets,
  listFlowGroups,
  listFlows,
  listLiveTurns,
  listTurnEvents,
  listUnrecordedEnds,
  listUsage,
  listUserTurns,
  loadTurn,
  loadTurnContext,
  loadTurnDetails,
  sumReservations,
  sumUsage,
  type Database,
  type Schema,
} from '@omni2/db'
import { makeTurnId, type TurnMessage } from '@omni2/contracts'
import { Kysely, PostgresDialect, sql, type CompiledQuery } from 'kysely'
import { Pool } from 'pg'
import { microseconds } from '../measure/clock.ts'
import { quantile } from '../measure/quantile.ts'
import { openSystems } from '../systems/open-systems.ts'
import type { Part, PartDeps } from './part.ts'

const repeats = 20
const users = 500
const turnsOfConversation = 5
const eventsOfTurn = 3

/** What the queries cost once there is much to look through. */
export const rows: Part = {
  summary: 'queries beside 1,000,000 recorded turns in the real tables; their plans are kept',
  minutes: 8,
  async measure(deps) {
    const count = deps.quick ? 100_000 : 1_000_000
    await using systems = await openSystems(deps, [])
    const { ours } = systems
    deps.say(`inserting ${count} turns with ${eventsOfTurn} events each`)
    await fill(count, ours.userOf(0), ours.database)
    await measureQueries(count, ours.userOf(0), ours.stack.line.databaseUrl, deps)
  },
}

/** Inserts in the order in which the turns came. */
async function fill(count: number, firstUser: number, { db }: Database): Promise<void> {
  const portion = 100_000
  for (let from = 0; from < count; from += portion) {
    const moments = sql`
      select n, md5('t' || n)::uuid as session_id, md5('c' || n / ${sql.lit(turnsOfConversation)})::uuid as conversation_id,
        ${sql.lit(firstUser)} + n / ${sql.lit(turnsOfConversation)} % ${sql.lit(users)} as user_id,
        now() - (${sql.lit(count)} - n) * interval '90 days' / ${sql.lit(count)} as at
      from generate_series(${sql.lit(from)}::int, ${sql.lit(from + portion - 1)}::int) n`
    await sql`
      insert into omni2.conversations (conversation_id, user_id)
      select distinct conversation_id, user_id from (${moments}) made on conflict do nothing`.execute(db)
    await sql`
      insert into omni2.turns (session_id, conversation_id, user_id, source, user_text, answer, status, model, result,
        tokens_input, tokens_output, cost_usd, was_admitted, created_at, started_at, ended_at)
      select session_id, conversation_id, user_id, 'ws', 'What about ' || n || '?', 'An answer of some length about ' || n,
        'done', 'claude-sonnet-5-5', 
          '{"type":"done","seq":9,"body":{"result":{"first_token_ms":80,"queue_ms":5,"tools_used":["files.read"]}}}', 200, 300, 0.0034, true, at, at, at
      from (${moments}) made`.execute(db)
    await sql`
      insert into omni2.interaction_flows (session_id, user_id, conversation_id, source, status, created_at, completed_at, flow_data)
      select session_id, user_id, conversation_id, 'ws', 'done', at at time zone 'UTC', at at time zone 'UTC',
        jsonb_build_object('session_id', session_id, 'user_id', user_id, 'settled_attempt', 1, 'events', '[]'::jsonb)
      from (${moments}) made`.execute(db)
    await sql`
      insert into omni2.flow_events (session_id, user_id, conversation_id, source, attempt, ordinal, node_id, parent_id,
        event_type, outcome, occurred_at, data)
      select session_id, user_id, conversation_id, 'ws', least(ordinal, 1), ordinal, '1.' || ordinal, null,
        (array['accepted', 'auth_check', 'llm_complete'])[ordinal + 1], 'passed', at, '{}'::jsonb
      from (${moments}) made cross join generate_series(0, ${sql.lit(eventsOfTurn - 1)}) ordinal`.execute(db)
    await sql`
      insert into omni2.audit_logs (session_id, conversation_id, user_id, timestamp, question, success, outcome)
      select session_id, conversation_id, user_id, at at time zone 'UTC', 'What about ' || n || '?', true, 'done'
      from (${moments}) made`.execute(db)
  }
  await sql`vacuum analyze`.execute(db)
}

async function measureQueries(count: number, userId: number, url: string, deps: PartDeps): Promise<void> {
  const seen: CompiledQuery[] = []
  await using pool = Object.assign(new Pool({ connectionString: url, max: 1 }), {
    [Symbol.asyncDispose]: () => pool.end(),
  })
  const db = new Kysely<Schema>({
    dialect: new PostgresDialect({ pool }),
    log: ({ query }) => void seen.push(query),
  })
  const plans: string[] = []
  for (const [name, run] of listQueries(count, userId, { db })) {
    const took: number[] = []
    await run()
    for (let times = 0; times < repeats; times += 1) {
      const from = microseconds()
      await run()
      took.push((microseconds() - from) / 1000)
    }
    deps.say(`${name}: ${quantile(took, 0.5).toFixed(1)} ms`)
    const head = { setting: `${count} turns, ${users} users`, system: 'ours', unit: 'ms' }
    deps.add({ ...head, metric: `${name}, p50`, value: quantile(took, 0.5) })
    deps.add({ ...head, metric: `${name}, p95`, value: quantile(took, 0.95) })
    const query = seen.at(-1)
    if (query) plans.push(`## ${name}\n\n${await explain(query, pool)}`)
  }
  await deps.keep('plans.md', `# Plans beside ${count} turns\n\n${plans.join('\n')}`)
}

async function explain({ sql: text, parameters }: CompiledQuery, pool: Pool): Promise<string> {
  const { rows: lines } = await pool.query<{ 'QUERY PLAN': string }>(`explain (analyze, buffers) ${text}`, [
    ...parameters,
  ])
  return `\`\`\`\n${lines.map((line) => line['QUERY PLAN']).join('\n')}\n\`\`\`\n`
}

/** What workers, sweeps and operators ask again and again. */
function listQueries(
  count: number,
  userId: number,
  database: Pick<Database, 'db'>,
): [string, () => Promise<unknown>][] {
  const known = nameTurn(count / 2)
  const turn = makeTurn(userId)
  const firstPage = { after: undefined, limit: 50 }
  const lastWeek = new Date(Date.now() - 7 * 24 * 3600 * 1000).toISOString().slice(0, 10)
  const filter = { userId: undefined, since: lastWeek, until: undefined }
  return [
    ['context of a turn', () => loadTurnContext(turn, { historyTurns: 20 }, database)],
    ['a turn by its id', () => loadTurn(known, database)],
    ['a turn with all its details', () => loadTurnDetails(known, database)],
    ['events of a turn', () => listTurnEvents(known, { limit: 1000 }, database)],
    ['turns of a user, first page', () => listUserTurns(userId, firstPage, database)],
    ['running turns', () => listLiveTurns({ userId: undefined }, firstPage, database)],
    ['usage of a week, summed', () => sumUsage(filter, database)],
    ['usage of a week by day, user and model', () => listUsage(filter, firstPage, database)],
    ['usage of a week of one user', () => sumUsage({ ...filter, userId }, database)],
    ...listPageQueries(userId, database),
    ['ends that are not recorded', () => listUnrecordedEnds(database)],
    ['reservations', () => sumReservations(database)],
  ]
}

/** What the pages ask: of one user, and of all as operators see them. */
function listPageQueries(userId: number, database: Pick<Database, 'db'>): [string, () => Promise<unknown>][] {
  const firstPage = { after: undefined, limit: 50 }
  const back = (days: number) => new Date(Date.now() - days * 24 * 3600 * 1000)
  const bucketsOf = (days: number, filter = {}) =>
    listFlowBuckets({ ...filter, since: back(days) }, { stepSeconds: 900 * days, most: 98 }, database)
  return [
    ['conversations of a user', () => listConversations({ userId, search: undefined }, firstPage, database)],
    [
      'conversations of a user, searched',
      () => listConversations({ userId, search: 'length 5' }, firstPage, database),
    ],
    ['flows of a user', () => listFlows({ userId, since: back(30) }, firstPage, database)],
    ['flows of all', () => listFlows({ since: back(30) }, firstPage, database)],
    [
      'flows of all that failed, none',
      () => listFlows({ since: back(30), failed: true }, firstPage, database),
    ],
    [
      'flows of all with a word that each has',
      () => listFlows({ since: back(30), search: 'answer' }, firstPage, database),
    ],
    [
      'flows of all with a rare word',
      () => listFlows({ since: back(30), search: '999123' }, firstPage, database),
    ],
    [
      'conversations in the flow history, a day',
      () => listFlowGroups({ since: back(1) }, firstPage, database),
    ],
    [
      'conversations in the flow history, 30 days',
      () => listFlowGroups({ since: back(30) }, firstPage, database),
    ],
    ['flow statistics, a day', () => bucketsOf(1)],
    ['flow statistics, 7 days', () => bucketsOf(7)],
    ['flow statistics, 30 days', () => bucketsOf(30)],
    ['flow statistics of a user, 30 days', () => bucketsOf(30, { userId })],
  ]
}

/** The id that `fill` gives to a turn: an MD5 as a UUID. */
const nameTurn = (number: number): string =>
  createHash('md5')
    .update(`t${number}`)
    .digest('hex')
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

function makeTurn(userId: number): TurnMessage {
  const conversation_id = null
  return {
    session_id: makeTurnId({ userId, conversationId: conversation_id }),
    conversation_id,
    identity: {
      user_id: userId,
      username: 'bench',
      role: 'developer',
      sid: crypto.randomUUID(),
      session_exp: 4_000_000_000,
    },
    source: 'sse',
    client_msg_id: null,
    text: 'What is new?',
    replaces: null,
    accepted_at: new Date().toISOString(),
  }
}
