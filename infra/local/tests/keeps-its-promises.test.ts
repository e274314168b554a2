import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openTestCollector, readMetrics, type TestCollector } from '@omni2/testkit'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { logIn } from './chat-with-stack.ts'
import { openConversation, type Answer } from './open-conversation.ts'
import { makeTestFolder } from './run-command.ts'
import { type StartedStack, startStack } from './started-stack.ts'

const stack = new AsyncDisposableStack()
let line: StartedStack['line']
let dataFolder: string
let collector: TestCollector
let database: Client
let token: string

beforeAll(async () => {
  const folder = stack.use(await makeTestFolder())
  dataFolder = folder.path
  collector = stack.use(await openTestCollector())
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
  ;({ line } = stack.use(await startStack(dataFolder, [], env)))
  database = stack.adopt(new Client({ connectionString: line.databaseUrl }), (client) => client.end())
  await database.connect()
  ;({ token } = await logIn(line, 'developer'))
}, 180_000)
afterAll(() => stack.disposeAsync())

const query = async (sql: string, values: unknown[] = []) =>
  (await database.query<Record<string, unknown>>(sql, values)).rows

const checkpoints = [
  'accepted',
  'auth_check',
  'block_check',
  'usage_check',
  'mcp_permission_check',
  'tool_filter',
  'llm_thinking',
  'llm_complete',
]

test('200 turns over 20 conversations, a worker killed midway: none lost, none altered, none counted twice', async () => {
  const worker = line.processes.find(({ name }) => name === 'chat-worker-1')
  const conversations = await Promise.all(Array.from({ length: 20 }, () => openConversation(line, token)))
  expect(new Set(conversations.map(({ welcome }) => welcome['edge'])).size).toBe(2)
  const answers: (Answer & { conversationId: unknown })[] = []
  const chats = conversations.map(async (conversation, index) => {
    for (let turn = 0; turn < 10; turn += 1) {
      const answer = await conversation.say(
        `Conversation ${index}, turn ${turn}, é👋 [[sim tokens=30 pace=10]]`,
      )
      answers.push({ ...answer, conversationId: conversation.welcome['conversation_id'] })
      if (answers.length === 60) process.kill(worker?.pid ?? 0, 'SIGKILL')
    }
    conversation[Symbol.dispose]()
  })
  await Promise.all(chats)

  expect(answers.map(({ end }) => end.type)).toEqual(answers.map(() => 'done'))
  expect(answers.map(({ end }) => end['result'])).toMatchObject(answers.map(({ text }) => ({ answer: text })))
  const said = new Set((await readModelLog()).map(({ text }) => text))
  expect(answers.filter(({ text }) => !said.has(text))).toEqual([])

  const ids = answers.map(({ turnId }) => turnId)
  expect(new Set(ids).size).toBe(200)
  const countFlows = async () =>
    (
      await query(
        'select 1 from omni2.interaction_flows where session_id = any($1) and completed_at is not null',
        [ids],
      )
    ).length
  await expect.poll(countFlows, { timeout: 20_000 }).toBe(200)
  const flows = await query(
    'select session_id, conversation_id, flow_data from omni2.interaction_flows where session_id = any($1)',
    [ids],
  )
  for (const { session_id, conversation_id, flow_data } of flows) {
    const { events } = flow_data as { events: { event_type: string; superseded?: boolean }[] }
    expect(events.filter(({ superseded }) => !superseded).map(({ event_type }) => event_type)).toEqual(
      checkpoints,
    )
    expect(conversation_id).toBe(answers.find(({ turnId }) => turnId === session_id)?.conversationId)
  }
  const turns = await query(
    `select max(attempt) as attempts, count(*)::int as turns, sum(cost_usd) as cost from omni2.turns where session_id = any($1)`,
    [ids],
  )
  const audit = await query(
    'select count(*)::int as rows, sum(cost_usd) as cost from omni2.audit_logs where session_id = any($1)',
    [ids],
  )
  expect(turns[0]).toMatchObject({ attempts: 2, turns: 200 })
  expect(audit[0]).toEqual({ rows: 200, cost: turns[0]?.['cost'] })
}, 120_000)

test('a turn costs at most 9 SQL statements and 8 Redis commands', async () => {
  using conversation = await openConversation(line, token)
  for (let turn = 0; turn < 5; turn += 1) await conversation.say('Warm up [[sim tokens=5 pace=1]]')
  const redis = stack.adopt(new Redis(line.redisUrl ?? ''), async (client) => void (await client.quit()))
  await redis.call('CONFIG', 'RESETSTAT')
  await query('select pg_stat_statements_reset()')
  for (let turn = 0; turn < 100; turn += 1) await conversation.say('Count [[sim tokens=5 pace=1]]')
  await expect.poll(countUnrecorded, { timeout: 20_000 }).toBe(0)
  const [{ statements } = {}] = await query(
    `select sum(calls)::int as statements from pg_stat_statements
     where query !~* '^\\s*(begin|commit|set) ?' and query !~* 'pg_stat_statements|count\\(\\*\\)::int as unrecorded'`,
  )
  const commands = [
    ...(await redis.info('commandstats')).matchAll(/^cmdstat_(?!config|info)\S+:calls=(\d+)/gm),
  ]
  const redisCommands = commands.reduce((sum, [, calls]) => sum + Number(calls), 0)
  expect(Number(statements) / 100).toBeLessThanOrEqual(9)
  expect(redisCommands / 100).toBeLessThanOrEqual(8)
  expect(Math.min(Number(statements), redisCommands)).toBeGreaterThanOrEqual(100)
}, 120_000)

test('the trace of a turn shows every hop below what caused it', async () => {
  using conversation = await openConversation(line, token)
  const { turnId } = await conversation.say('Trace [[sim tool=demo__get-sum:{"a":1,"b":2}]]')
  const hops = [
    'accept ◂ ',
    'chat claude-sonnet-5-5 ◂ process turn',
    'claim ◂ process turn',
    'execute_tool demo.get-sum ◂ process turn',
    'process turn ◂ accept',
    'record accepted ◂ accept',
    'settle ◂ process turn',
  ]
  // Which of them come in one batch is up to the recorder: its span hangs below the first of these.
  const recorded = /^process flow\.events ◂ (?:record accepted|claim|process turn|settle)$/
  const seen = () => describeTrace(turnId)
  await expect
    .poll(seen, { timeout: 20_000 })
    .toEqual(expect.arrayContaining([...hops, expect.stringMatching(recorded)]))
  expect(seen().filter((hop) => !hops.includes(hop) && !recorded.test(hop))).toEqual([])
})

/** Each kind of span of a turn's trace with the one that it hangs below. */
function describeTrace(turnId: string): string[] {
  const spans = collector.spans()
  const root = spans.find(
    ({ name, attributes }) => name === 'accept' && attributes['omni2.session_id'] === turnId,
  )
  const ofTurn = spans.filter(({ traceId }) => traceId === root?.traceId)
  const nameOf = (spanId: string | undefined) => ofTurn.find((span) => span.spanId === spanId)?.name ?? ''
  return [...new Set(ofTurn.map(({ name, parentSpanId }) => `${name} ◂ ${nameOf(parentSpanId)}`))]
}

test('every service serves its metrics', async () => {
  const files = await readdir(join(dataFolder, 'logs'))
  const services = /^(?:auth|ws-edge|chat-worker|flow-recorder)-\d+\.log$/
  const asked = files
    .filter((file) => services.test(file))
    .map(async (file) => {
      const log = await readFile(join(dataFolder, 'logs', file), 'utf8')
      const [, port] = [...log.matchAll(/"health_port":(\d+)/g)].at(-1) ?? []
      const metrics = await readMetrics(`http://127.0.0.1:${port}`)
      return { file, connected: metrics.get('omni2_nats_connected') }
    })
  const answers = await Promise.all(asked)
  expect(answers.length).toBeGreaterThanOrEqual(6)
  expect(answers).toEqual(answers.map(({ file }) => ({ file, connected: 1 })))
})

test('no socket holds a database connection', async () => {
  const conversations = await Promise.all(Array.from({ length: 100 }, () => openConversation(line, token)))
  const streaming = conversations
    .slice(40)
    .map((conversation) => conversation.say('Stream [[sim tokens=200 pace=30]]'))
  const runs = async () =>
    (await query(`select count(*)::int as turns from omni2.turns where status = 'running'`))[0]?.['turns']
  await expect.poll(runs, { timeout: 20_000 }).toBe(60)
  const sessions = await query(
    `select application_name, state from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`,
  )
  // Transactions come and go between two statements; 60 streams and 100 sockets would be many.
  expect(sessions.filter(({ state }) => state === 'idle in transaction').length).toBeLessThan(10)
  expect(sessions.filter(({ application_name }) => String(application_name).startsWith('ws-edge'))).toEqual(
    [],
  )
  expect(sessions.length).toBeLessThan(40)
  const ends = (await Promise.all(streaming)).map(({ end }) => end.type)
  expect(ends).toEqual(ends.map(() => 'done'))
  for (const conversation of conversations) conversation[Symbol.dispose]()
}, 60_000)

test('a blocked user gets the reason, then the connection closes', async () => {
  const { token: blocked } = await logIn(line, 'blocked')
  const conversation = await openConversation(line, blocked)
  expect(conversation.welcome).toMatchObject({ type: 'blocked', message: expect.stringMatching(/\S/) })
  const { code, reason } = await conversation.closed
  expect([code, reason]).toEqual([1008, `Access blocked: ${String(conversation.welcome['message'])}`])
})

test('an inactive user gets the reason, then the connection closes', async () => {
  const { token: inactive } = await logIn(line, 'inactive')
  const conversation = await openConversation(line, inactive)
  expect(conversation.welcome).toMatchObject({
    type: 'error',
    code: 'account_inactive',
    error: 'Account inactive',
  })
  expect(await conversation.closed).toEqual({ code: 1008, reason: 'Account inactive' })
})

test('a user over a limit has the turn refused, with what was used of what', async () => {
  await query('insert into omni2.user_usage_limits (user_id, period_days, max_cost) values (3, 7, 0.01)')
  const { token: viewer } = await logIn(line, 'viewer')
  using conversation = await openConversation(line, viewer)
  expect((await conversation.say('One is admitted [[sim tokens=800 pace=0]]')).end).toMatchObject({
    type: 'done',
  })
  expect((await conversation.say('Nothing worth reading is left for two')).end).toMatchObject({
    type: 'error',
    code: 'cost_limit',
    limit_kind: 'cost_period',
    limit: 0.01,
    used: expect.closeTo(0.0085, 3),
    remaining: expect.closeTo(0.0015, 3),
    reset_at: expect.stringMatching(/T00:00:00.000Z$/),
  })
})

test.each([
  ['no token', {}],
  ['a forged token', { authorization: 'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.' }],
  ['an identity of one’s own making', { 'x-user-id': '1', 'x-omni2-identity': 'e30.e30.e30' }],
])('%s is refused at the upgrade', async (_name, headers) => {
  const refused = await fetch(`${line.url}/ws/chat`, { headers })
  expect(refused.status).toBe(401)
  expect(await refused.json()).toMatchObject({ error: expect.any(String), code: expect.any(String) })
})

interface LoggedRequest {
  readonly text: string
}

async function readModelLog(): Promise<LoggedRequest[]> {
  const simulator = line.processes.find(({ name }) => name === 'model-simulator-1')
  const response = await fetch(`${simulator?.url}/_log?limit=1000`)
  return ((await response.json()) as { requests: LoggedRequest[] }).requests
}

async function countUnrecorded() {
  const [{ unrecorded } = {}] = await query(
    `select count(*)::int as unrecorded from omni2.turns turn
     where not exists (select from omni2.audit_logs audit where audit.session_id = turn.session_id)`,
  )
  return unrecorded
}
