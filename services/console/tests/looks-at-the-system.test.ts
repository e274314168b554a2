import { answerStatus } from '@omni2/bus'
import { makeConversationId, requests, subjects } from '@omni2/contracts'
import { Readiness } from '@omni2/service-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startConsole, users, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole()
})
afterAll(() => admin[Symbol.asyncDispose]())

const turnOf = (session_id = makeConversationId()) => ({
  session_id,
  conversation_id: null,
  identity: { user_id: users.vera, username: 'vera', role: 'viewer', sid: session_id, session_exp: 1 },
  source: 'sse',
  client_msg_id: null,
  text: 'Hello',
  replaces: null,
  accepted_at: new Date().toISOString(),
})

test('the system - who is there and how, what waits and since when', async () => {
  const readiness = new Readiness(['database'])
  const counts = () => ({ turns: 3, turn_slots: 100 })
  answerStatus(admin.worker, { service: 'chat-worker', instance: 'worker-1', readiness, counts })
  await using edge = await admin.connect('ws-edge')
  await edge.publishDurably(subjects.turns, JSON.stringify(turnOf()), { id: 'waits' })
  const { status, body } = await admin.call('GET', '/system', { as: 'oli' })
  expect(status).toBe(200)
  expect(body.processes).toMatchObject([
    {
      service: 'chat-worker',
      instance: 'worker-1',
      version: '0.1.0',
      is_ready: false,
      missing: { database: 'not yet' },
      counts: { turns: 3, turn_slots: 100 },
    },
    { service: 'console', is_ready: true, missing: {}, counts: { live_feeds: 0 } },
  ])
  const [turns, flowEvents] = body.queues
  expect(turns).toMatchObject({ name: 'turns', waiting: 1, in_hand: 0 })
  expect(Date.parse(turns.oldest_waiting_at)).toBeGreaterThan(0)
  // No recorder has made its queue yet.
  expect(flowEvents).toEqual({ name: 'flow_events', waiting: null, in_hand: null, oldest_waiting_at: null })
  expect(body.dead_letters).toBe(0)
})

test('a role is previewed - each tool with the rule that decides, also of servers that it may not use', async () => {
  const add = (name: string) =>
    admin.call('POST', '/mcp-servers', { body: { name, url: 'http://127.0.0.1:9/mcp' } })
  for (const name of ['files', 'mail', 'gone']) await add(name)
  const asked: unknown[] = []
  admin.worker.answer(requests.tools, async (request) => {
    asked.push(request)
    if (request.server === 'gone') return { tools: [], reason: 'connection refused' }
    return { tools: ['read_file', 'write_file'], reason: null }
  })
  await admin.worker.flush()
  const before = await admin.countChanges()
  const body = { mcp_access: ['files', 'gone'], tool_restrictions: { files: ['read_*'], mail: 7 } }
  const answer = await admin.call('POST', '/roles/preview', { as: 'oli', body })
  expect(answer.body.servers).toEqual([
    {
      server: 'files',
      permitted: true,
      reason: null,
      tools: [
        { tool: 'read_file', permitted: true, rule: 'allow:read_*' },
        { tool: 'write_file', permitted: false, rule: 'allow:(no match)' },
      ],
      notes: [],
    },
    { server: 'gone', permitted: true, reason: 'connection refused', tools: [], notes: [] },
    {
      server: 'mail',
      permitted: false,
      reason: null,
      tools: [
        { tool: 'read_file', permitted: false, rule: 'mcp_access' },
        { tool: 'write_file', permitted: false, rule: 'mcp_access' },
      ],
      notes: [],
    },
  ])
  expect(asked).toContainEqual({ server: 'files', fresh: false })
  // Unreadable rules permit nothing.
  const odd = await admin.call('POST', '/roles/preview', {
    body: { mcp_access: ['*'], tool_restrictions: 'x' },
  })
  expect(odd.body.servers[0].tools[0]).toEqual({ tool: 'read_file', permitted: false, rule: 'unreadable' })
  expect(await admin.countChanges()).toBe(before)
})

test('a tool is tried - in the name of the operator, audited; who may only look may not', async () => {
  await admin.call('POST', '/mcp-servers', { body: { name: 'tried', url: 'http://127.0.0.1:9/mcp' } })
  const reply = { status: 'ok' as const, content: 'done', rule: 'all', duration_ms: 3, truncated: false }
  const asked: unknown[] = []
  admin.worker.answer(requests.toolCall, async (request) => {
    asked.push(request)
    return reply
  })
  await admin.worker.flush()
  const body = { tool: 'echo', arguments: { text: 'hi' } }
  expect((await admin.call('POST', '/mcp-servers/tried/call', { as: 'oli', body })).status).toBe(403)
  expect((await admin.call('POST', '/mcp-servers/none/call', { body })).status).toBe(404)
  const called = await admin.call('POST', '/mcp-servers/tried/call', { body })
  expect(called.body.after).toEqual(reply)
  expect(asked).toEqual([{ server: 'tried', ...body, user_id: users.ada, sid: expect.any(String) }])
  const [change] = (await admin.call('GET', '/changes?limit=1')).body.items
  expect(change).toMatchObject({ action: 'mcp_server.call', target_id: 'tried.echo', user_id: users.ada })
})

test('users near a limit - by their role, by a limit of their own, the nearest first', async () => {
  const spend = (user: number, cost: number, admitted = true) =>
    admin.database.query(
      `insert into omni2.turns (session_id, user_id, source, user_text, status, attempt, ended_at, cost_usd,
         tokens_input, was_admitted) values ($1, $2, 'ws', '', 'done', 1, now(), $3, 10, $4)`,
      [makeConversationId(), user, cost, admitted],
    )
  await spend(users.vera, 4)
  await spend(users.oli, 1)
  await admin.call('PUT', `/users/${users.oli}/limits`, {
    body: { max_requests: 1, max_tokens: 100, max_cost: 0 },
  })
  const { body } = await admin.call('GET', '/limits/near', { as: 'oli' })
  expect(body.items).toEqual([
    {
      user_id: users.oli,
      username: 'oli',
      kind: 'cost_period',
      period_days: 30,
      used: 1,
      limit: 0,
      share: 1,
    },
    {
      user_id: users.oli,
      username: 'oli',
      kind: 'requests_period',
      period_days: 30,
      used: 1,
      limit: 1,
      share: 1,
    },
    {
      user_id: users.vera,
      username: 'vera',
      kind: 'cost_daily',
      period_days: 1,
      used: 4,
      limit: 5,
      share: 0.8,
    },
  ])
})

const letterOf = (subject: string, content: unknown) => ({
  reason: 'a test',
  subject,
  stream: 'CHAT_TURNS',
  stream_sequence: 1,
  deliveries: 1,
  payload: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64'),
  parked_at: new Date().toISOString(),
  parked_by: 'worker-1',
})

test('a dead letter is tried - what a replay would do is said, and nothing is done', async () => {
  const ended = turnOf()
  await admin.database.query(
    `insert into omni2.turns (session_id, user_id, source, user_text, status, attempt, ended_at)
     values ($1, $2, 'sse', '', 'done', 1, now())`,
    [ended.session_id, users.vera],
  )
  const event = {
    kind: 'event',
    session_id: ended.session_id,
    conversation_id: null,
    user_id: users.vera,
    source: 'sse',
    event: {
      node_id: '0.0',
      parent_id: null,
      attempt: 0,
      ordinal: 0,
      event_type: 'accepted',
      outcome: 'passed',
      timestamp: new Date().toISOString(),
      data: {},
    },
  }
  const letters: [string, unknown, string][] = [
    [subjects.turns, turnOf(), 'turn_runs'],
    [subjects.turns, ended, 'turn_has_ended'],
    [subjects.turns, '{', 'unreadable'],
    [subjects.turns, { ...ended, text: '' }, 'unreadable'],
    [subjects.flowAccepted(ended.session_id), event, 'events_are_recorded'],
    // It is not from where such an event may come.
    [subjects.flowEvents(ended.session_id), event, 'unreadable'],
    ['control.tools', {}, 'not_replayable'],
  ]
  for (const [at, [subject, content]] of letters.entries())
    await admin.worker.publishDurably(
      subjects.dead('CHAT_TURNS'),
      JSON.stringify(letterOf(subject, content)),
      { id: `letter ${at}` },
    )
  const tried = async () => {
    const { items } = (await admin.call('GET', '/dead-letters')).body
    return Promise.all(
      items.map(
        async ({ seq }: { seq: number }) =>
          (await admin.call('GET', `/dead-letters/${seq}/replay`, { as: 'oli' })).body.outcome,
      ),
    )
  }
  const outcomes = letters.map(([, , outcome]) => outcome)
  expect(await tried()).toEqual(outcomes)
  // Nothing has gone.
  expect(await tried()).toEqual(outcomes)
})
