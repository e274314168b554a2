import { requests, subjects } from '@omni2/contracts'
import { openTracing, withSpan } from '@omni2/telemetry'
import { findFreePort, openTestCollector, type CollectedSpan, type TestCollector } from '@omni2/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { workerMetrics } from '../src/metrics.ts'
import { openNotesWorld, type NotesWorld } from './notes-world.ts'
import { watchMetrics } from './watch-metrics.ts'
import { userId } from './worker-world.ts'

/** For polls: much more than they need. */
const room = { timeout: 20_000, interval: 50 }
const model = 'claude-sonnet-5-5'
/** Tested elsewhere: by src/queue/watch-streams.test.ts. */
const heldElsewhere = new Set([
  'omni2_worker_queued_turns',
  'omni2_worker_flow_events_used_ratio',
  'omni2_worker_returned_turns_total',
])

const stack = new AsyncDisposableStack()
let world: NotesWorld
let collector: TestCollector
let watch: Awaited<ReturnType<typeof watchMetrics>>

beforeAll(async () => {
  collector = stack.use(await openTestCollector())
  world = stack.use(await openNotesWorld())
  const port = String(await findFreePort())
  await world.startWithTools({
    HEALTH_PORT: port,
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    MODEL_BREAKER_FAILURES: '3',
    MODEL_BREAKER_OPEN_MS: '600000',
    MCP_BREAKER_FAILURES: '1',
    MCP_BREAKER_OPEN_MS: '600000',
    SWEEP_INTERVAL_MS: '1000',
  })
  watch = await watchMetrics(`http://127.0.0.1:${port}`)
})
afterAll(() => stack.disposeAsync())

const answer = async (text: string, turn = {}) => {
  const sent = world.makeTurn(text, turn)
  const { ended } = await world.send(sent)
  return { turn: sent, end: await ended }
}

/** A row that another worker left behind. */
const leaveRow = (
  turnId: string,
  values: { user?: number; attempt: number; deadline: string; end?: string },
) =>
  world.database.query(
    `insert into omni2.turns (session_id, user_id, source, user_text, status, attempt, deadline_at, ended_at, result)
     values ($1, $2, 'sse', 'Left', $3, $4, now() + $5::interval, case when $3 = 'running' then null else now() - interval '5 minutes' end,
       '{"type": "error", "seq": 1, "body": {"error": "x", "code": "internal"}}')`,
    [turnId, values.user ?? userId, values.end ?? 'running', values.attempt, values.deadline],
  )

/** Answers a turn within a span of an edge's. */
async function answerTraced(text: string) {
  await using _tracing = await openTracing({
    service: 'ws-edge',
    instance: 'test',
    config: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: 1 },
    log: { warn: () => {} },
  })
  return await withSpan({ name: 'accept', kind: 'producer' }, () => answer(text))
}

/** All spans of a turn after its delivery span, which ends last, is exported. */
const whenTraced = (turnId: string) =>
  collector.whenSpans((spans) => {
    const delivery = spans.find(
      ({ name, attributes }) => name === 'process turn' && attributes['omni2.session_id'] === turnId,
    )
    return delivery && spans.filter(({ traceId }) => traceId === delivery.traceId)
  })

const describe = ({ name, failed, attributes }: CollectedSpan) =>
  [name, attributes['omni2.outcome'], failed && attributes['error.type']].filter(Boolean).join(' ')

test('a turn that asks its model again and calls a tool - one trace, each count moves once', async () => {
  const secret = 'buy oat milk'
  const { turn, end } = await answerTraced(
    `Note [[sim error=529 fail-first=1 key=again tool=notes__write_note:{"text":"${secret}"}]]`,
  )
  if (end.type !== 'done') throw new Error(`ended with ${end.type}`)
  const spans = await whenTraced(turn.session_id)
  const delivery = spans.find(({ name }) => name === 'process turn')
  const accept = await collector.whenSpans((all) => all.find(({ name }) => name === 'accept'))
  expect(delivery).toMatchObject({
    service: 'chat-worker',
    kind: 5,
    traceId: accept.traceId,
    parentSpanId: accept.spanId,
    attributes: { 'messaging.destination.name': 'CHAT_TURNS', 'omni2.outcome': 'ended', 'user.id': '2' },
  })
  const below = spans.filter(({ parentSpanId }) => parentSpanId === delivery?.spanId)
  expect(below.map(describe).toSorted()).toEqual([
    `chat ${model} model_overloaded model_overloaded`,
    `chat ${model} ok`,
    `chat ${model} ok`,
    'claim running',
    'execute_tool notes.write_note ok',
    'settle',
  ])
  expect(spans).toHaveLength(below.length + 2)
  const [last] = below
    .filter(({ attributes }) => attributes['gen_ai.response.finish_reasons'] !== undefined)
    .slice(-1)
  expect(last).toMatchObject({
    kind: 3,
    attributes: {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'anthropic',
      'gen_ai.request.model': model,
      'gen_ai.response.model': model,
      'gen_ai.response.finish_reasons': ['end_turn'],
      'gen_ai.usage.input_tokens': expect.any(Number),
    },
  })
  const tool = below.find(({ name }) => name.startsWith('execute_tool'))
  const [called] = world.notes.calls('write_note')
  expect(called?.params).toMatchObject({
    _meta: { traceparent: `00-${accept.traceId}-${tool?.spanId}-01` },
  })
  expect(JSON.stringify(collector.spans())).not.toMatch(/oat milk|You said|answered/)

  const { tokens_input: input, tokens_output: output, cost_usd: cost } = end.result
  await watch.whenMoved({
    'turns_ended_total{end="done",source="ws"}': 1,
    'model_requests_total{result="ok"}': 2,
    'model_requests_total{result="model_overloaded"}': 1,
    model_retries_total: 1,
    model_seconds_count: 3,
    first_token_seconds_count: 1,
    queue_seconds_count: 1,
    claim_seconds_count: 1,
    [`tokens_total{kind="input",model="${model}"}`]: input,
    [`tokens_total{kind="output",model="${model}"}`]: output,
    [`cost_usd_total{model="${model}"}`]: cost,
    'tool_calls_total{status="ok"}': 1,
    tool_seconds_count: 1,
    takeovers_total: 0,
  })
})

test('text - the delay of each of its frames, and of how many replies a tick sends some', async () => {
  const turn = world.makeTurn('Speak [[sim tokens=30 pace=5]]')
  const { frames, ended } = await world.send(turn)
  await ended
  const texts = frames.filter(({ type }) => type === 'token').length
  await watch.whenMoved({ first_token_seconds_count: 1, token_delay_seconds_count: texts })
  expect(watch.moved).toContain('omni2_worker_flush_replies')
})

test('turns that a check refuses - counted by their step and limit', async () => {
  await world.database.query(
    `insert into omni2.user_usage_limits (user_id, period_days, max_requests) values (3, 1, 0)`,
  )
  await world.database.query(
    `insert into auth_service.users (id, username, name, role_id, active) values (5, 'gone', 'Gone', 1, false), (6, 'blocked', 'Blocked', 1, true)`,
  )
  await world.database.query(`insert into omni2.user_blocks (user_id, is_blocked) values (6, true)`)
  const identity = (user_id: number) => ({ identity: { ...world.makeTurn('').identity, user_id } })
  for (const user of [3, 5, 6]) await answer('Let me in', identity(user))
  await expect(
    watch.whenMoved({
      'check_refusals_total{step="usage_check"}': 1,
      'check_refusals_total{step="auth_check"}': 1,
      'check_refusals_total{step="block_check"}': 1,
      'limit_refusals_total{kind="requests_period"}': 1,
      'turns_ended_total{end="refused",source="ws"}': 2,
      'turns_ended_total{end="blocked",source="ws"}': 1,
    }),
  ).resolves.toBeUndefined()
})

test('a turn that the model rejects, and one that is cancelled - counted as such, while it runs as one at work', async () => {
  const { turn } = await answer('No [[sim error=400]]')
  const rejected = (await whenTraced(turn.session_id)).find(({ name }) => name === `chat ${model}`)
  expect(rejected).toMatchObject({ failed: true, attributes: { 'error.type': 'model_rejected' } })

  const stalled = world.makeTurn('Wait [[sim tokens=20 stall@5]]')
  const { heard, ended } = await world.send(stalled)
  await heard('token')
  await watch.whenMoved({ turns: 1, turn_slots: 400, reservations: 1 })
  expect(await watch.readTotal('reserved_usd')).toBeGreaterThan(0)
  const request = { session_id: stalled.session_id, user_id: userId, by: 'user', accepted: false } as const
  await world.edge.request(requests.cancel, request, { timeoutMs: 5000 })
  await ended
  const stopped = (await whenTraced(stalled.session_id)).find(({ name }) => name === `chat ${model}`)
  expect(stopped).toMatchObject({ failed: false, attributes: { 'omni2.outcome': 'stopped' } })
  await watch.whenMoved({
    'model_requests_total{result="model_rejected"}': 0,
    'model_requests_total{result="stopped"}': 1,
    'turns_ended_total{end="cancelled",source="ws"}': 1,
    turns: 0,
  })
})

test('turns of other workers - taken over, given up, published again, and never counted twice', async () => {
  const left = world.makeTurn('Left')
  await leaveRow(left.session_id, { attempt: 1, deadline: '1 hour' })
  await (
    await world.send(left)
  ).ended
  await watch.whenMoved({
    takeovers_total: 1,
    queue_seconds_count: 0,
    'turns_ended_total{end="done",source="ws"}': 1,
  })

  const deadly = world.makeTurn('Deadly')
  await leaveRow(deadly.session_id, { attempt: 5, deadline: '1 hour' })
  const foreign = world.makeTurn('Foreign')
  await leaveRow(foreign.session_id, { user: 3, attempt: 1, deadline: '1 hour', end: 'error' })
  await (
    await world.send(deadly)
  ).ended
  await world.send(foreign)
  await world.edge.publishDurably(subjects.turns, 'no turn', { id: 'no turn' })
  await expect(
    watch.whenMoved({
      'dead_letters_total{cause="attempts_exhausted"}': 1,
      'dead_letters_total{cause="failed"}': 1,
      'dead_letters_total{cause="not_a_turn"}': 1,
      'turns_ended_total{end="error",source="ws"}': 1,
    }),
  ).resolves.toBeUndefined()
})

test('turns that a sweep finds - counted by reason, and as an end only if the sweep ended them', async () => {
  await watch.whenMoved({ 'turns_ended_total{end="interrupted",source="sse"}': 0 })
  const [overdue, lost, unrecorded] = [1, 2, 3].map(() => world.makeTurn('').session_id)
  await leaveRow(overdue ?? '', { attempt: 1, deadline: '-1 minute' })
  await leaveRow(unrecorded ?? '', { attempt: 1, deadline: '1 hour', end: 'cancelled' })
  await world.database.query(
    `insert into omni2.flow_events (session_id, attempt, ordinal, user_id, source, node_id, event_type, occurred_at, recorded_at, outcome, data)
     values ($1, 0, 0, 2, 'sse', '0.0', 'accepted', now() - interval '20 minutes', now() - interval '20 minutes', 'passed', '{}')`,
    [lost],
  )
  await watch.whenMoved({ 'turns_ended_total{end="interrupted",source="sse"}': 2 })
  const swept = ['overdue', 'lost', 'unrecorded'].map((reason) => `swept_turns_total{reason="${reason}"}`)
  await expect
    .poll(() => Promise.all(swept.map((series) => watch.readTotal(series))), room)
    .toEqual([1, 1, expect.toSatisfy((times: number) => times > 0)])
  expect(await watch.readTotal('turns_ended_total{end="cancelled",source="sse"}')).toBe(0)
  expect(await watch.readTotal('sweeps_total{result="ok"}')).toBeGreaterThan(0)
  expect(await watch.readTotal('sweeps_total{result="failed"}')).toBe(0)
})

test('a turn that another worker has meanwhile - left without an end', async () => {
  const { session_id, ...turn } = world.makeTurn('Mine [[sim tokens=20 pace=10]]')
  const { heard } = await world.send({ session_id, ...turn })
  await heard('token')
  await world.database.query(
    `update omni2.turns set attempt = 2, status = 'error', ended_at = now(),
       result = '{"type": "error", "seq": 1, "body": {"error": "x", "code": "internal"}}' where session_id = $1`,
    [session_id],
  )
  await expect(watch.whenMoved({ 'turns_left_total{reason="superseded"}': 1 })).resolves.toBeUndefined()
})

test('servers of tools and of the model that fail in a row - shown while their circuits are open', async () => {
  world.notes.intercept = (request, response) => void request.resume().on('end', () => response.destroy())
  const tool = 'Note [[sim tool=notes__write_note:{"text":"x"}]]'
  const { turn } = await answer(tool)
  const failed = (await whenTraced(turn.session_id)).find(({ name }) => name.startsWith('execute_tool'))
  expect(failed).toMatchObject({ failed: true, attributes: { 'error.type': 'tool_error' } })
  await answer('What [[sim tool=notes__made_up]]')
  await watch.whenMoved({
    tool_circuits_open: 1,
    'tool_calls_total{status="error"}': 1,
    'tool_calls_total{status="refused"}': 1,
    tool_seconds_count: 1,
    model_circuit_open: 0,
  })
  await answer('Down [[sim error=529]]')
  await answer('Is anybody there?')
  await watch.whenMoved({
    model_circuit_open: 1,
    'model_requests_total{result="model_overloaded"}': 3,
    'model_requests_total{result="ok"}': 0,
  })
})

test('every metric of a worker has moved, or is held by another test', () => {
  const declared = Object.values(workerMetrics).map(({ name }) => name)
  const ofWorker = declared.filter((name) => name.startsWith('omni2_worker_'))
  const unmoved = ofWorker.filter((name) => !watch.moved.has(name))
  expect(unmoved.filter((name) => !heldElsewhere.has(name))).toEqual([])
})
