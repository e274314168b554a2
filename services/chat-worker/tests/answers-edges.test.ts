import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type LimitKind,
  type LimitState,
  makeQuestionDigest,
  type RecheckRequest,
  requests,
} from '@omni2/contracts'
import { openWorkerWorld, userId, type WorkerWorld } from './worker-world.ts'

let world: WorkerWorld

beforeAll(async () => {
  world = await openWorkerWorld()
  await world.startWorker()
})
afterAll(() => world[Symbol.asyncDispose]())

const recheck = (...logins: RecheckRequest['logins']) =>
  world.edge.request(requests.recheck, { logins }, { timeoutMs: 5000 })

test('chat.recheck - names users who may no longer chat, with the texts of chat.open', async () => {
  const login = { user_id: userId, sid: 'login' }
  const other = { user_id: 3, sid: 'login' }
  const stranger = { user_id: 77, sid: 'login' }
  expect(await recheck(login, other, stranger)).toEqual({
    refused: [{ ...stranger, code: 'account_inactive', message: '' }],
  })
  await world.database.query(
    `insert into omni2.user_blocks (user_id, is_blocked, custom_block_message) values (3, true, 'Pay first')`,
  )
  expect(await recheck(login, other)).toEqual({
    refused: [{ ...other, code: 'blocked', message: 'Pay first' }],
  })
  await world.database.query(`update omni2.user_blocks set blocked_services = '{mcp}' where user_id = 3`)
  expect(await recheck(login, other)).toEqual({ refused: [] })
})

test('chat.open - names the running turn of the reopened conversation, with a time by the clock of the ends', async () => {
  const turn = world.makeTurn('Slowly [[sim tokens=400]]')
  const open = () =>
    world.edge.request(
      requests.open,
      { identity: turn.identity, conversation_id: turn.conversation_id },
      { timeoutMs: 5000 },
    )
  const { heard, ended } = await world.send(turn)
  await heard('started')
  const meanwhile = await open()
  expect(meanwhile).toMatchObject({ allowed: true, running: turn.session_id })
  const { ended_at } = await ended
  const afterwards = await open()
  expect(afterwards).toMatchObject({ allowed: true, running: null })
  const [asked, over, askedAgain] = [meanwhile, { at: ended_at }, afterwards].map((each) =>
    Date.parse(('at' in each && String(each.at)) || ''),
  )
  expect(over).toBeGreaterThanOrEqual(asked ?? NaN)
  expect(askedAgain).toBeGreaterThanOrEqual(over ?? NaN)
})

test('chat.open - knows a conversation whose first turn waits for a worker, and no deleted one or one of another user', async () => {
  const { identity, conversation_id, session_id } = world.makeTurn('Waits')
  const open = async (user_id = userId) => {
    const request = { identity: { ...identity, user_id }, conversation_id }
    const reply = await world.edge.request(requests.open, request, { timeoutMs: 5000 })
    return reply.allowed ? 'allowed' : reply.code
  }
  expect(await open()).toBe('not_found')
  // What the recorder writes for `accepted`, while no worker has claimed the turn.
  await world.database.query(
    `insert into omni2.interaction_flows (session_id, user_id, conversation_id, flow_data, source)
      values ($1, $2, $3, '{}', 'ws')`,
    [session_id, userId, conversation_id],
  )
  expect([await open(), await open(3)]).toEqual(['allowed', 'not_found'])
  await world.database.query(
    `insert into omni2.conversations (conversation_id, user_id, deleted_at) values ($1, $2, now())`,
    [conversation_id, userId],
  )
  expect(await open()).toBe('not_found')
})

test('the question - is in `started`, in the answer of the owner, and in the end from a row', async () => {
  const replaced = world.makeTurn('Before')
  await (
    await world.send(replaced)
  ).ended
  const { conversation_id, session_id: replaces } = replaced
  const turn = world.makeTurn('Why? [[sim tokens=200 pace=10]]', { conversation_id, replaces })
  const { session_id, identity } = turn
  const question = { question: turn.text, replaces }
  const { heard, ended } = await world.send(turn)
  expect(await heard('started')).toMatchObject(question)
  const owner = { timeoutMs: 5000 }
  const request = { user_id: identity.user_id }
  const digest = makeQuestionDigest(turn)
  expect(await world.edge.request(requests.owner.snapshot(session_id), request, owner)).toMatchObject({
    asked: { ...question, digest },
  })
  const asResult = { session_id, user_id: identity.user_id }
  const result = { timeoutMs: 5000 }
  expect(await world.edge.request(requests.result, asResult, result)).toMatchObject({
    state: 'running',
    asked: { ...question, digest },
  })
  expect(await ended).not.toHaveProperty('question')
  const reply = await world.edge.request(requests.result, asResult, result)
  if (reply.state !== 'ended') throw new Error(reply.state)
  expect(reply.asked).toEqual({ ...question, digest })
  expect(JSON.parse(reply.frame)).toMatchObject(question)
})

test('the question - is in an end that is the only frame; of a refused turn its beginning', async () => {
  await world.database.query(
    `insert into omni2.user_blocks (user_id, is_blocked) values ($1, true)
      on conflict (user_id) do update set is_blocked = true`,
    [userId],
  )
  const turn = world.makeTurn('x'.repeat(31_000))
  const end = await (await world.send(turn)).ended
  const { question } = end as { question?: string }
  expect(question).toMatch(/^x{500}… \[cut, 31000 characters\]$/)
  const { session_id, identity } = turn
  const options = { timeoutMs: 5000 }
  const request = { session_id, user_id: identity.user_id }
  expect(await world.edge.request(requests.result, request, options)).toMatchObject({
    asked: { question, digest: makeQuestionDigest(turn) },
  })
  await world.database.query('delete from omni2.user_blocks where user_id = $1', [userId])
})

test('limits - count down from the welcome to each end, and equal those of a later welcome', async () => {
  await world.database.query(
    `insert into omni2.user_usage_limits (user_id, period_days, max_requests, max_tokens, max_cost)
      values ($1, 7, 50, 1000000, 5)`,
    [userId],
  )
  const { identity } = world.makeTurn('')
  const readWelcome = async () => {
    const options = { timeoutMs: 5000 }
    const reply = await world.edge.request(requests.open, { identity, conversation_id: null }, options)
    if (!reply.allowed) throw new Error(reply.code)
    return reply.limits
  }
  const readEnd = async (text: string) => {
    const end = await (await world.send(world.makeTurn(text))).ended
    if (end.type !== 'done') throw new Error(`ended with ${end.type}`)
    return { result: end.result, limits: end.limits ?? [] }
  }
  const remaining = (limits: readonly LimitState[], kind: LimitKind) =>
    limits.find((state) => state.kind === kind)?.remaining ?? NaN
  const atFirst = await readWelcome()
  const first = await readEnd('One')
  const second = await readEnd('Two')
  for (const [before, { result, limits }] of [[atFirst, first] as const, [first.limits, second] as const]) {
    expect(remaining(limits, 'requests_period')).toBe(remaining(before, 'requests_period') - 1)
    expect(remaining(before, 'tokens_period') - remaining(limits, 'tokens_period')).toBe(
      result.tokens_input + result.tokens_output,
    )
    expect(remaining(before, 'cost_period') - remaining(limits, 'cost_period')).toBeCloseTo(
      result.cost_usd,
      8,
    )
  }
  expect(await readWelcome()).toEqual(second.limits)
})

test('limits - are in the end of a cancelled or failed turn, and not in that of a refused one', async () => {
  const failed = await (await world.send(world.makeTurn('[[sim error=400]]'))).ended
  expect(failed).toMatchObject({ type: 'error', limits: expect.any(Array) })
  const slow = world.makeTurn('Slowly [[sim tokens=400 pace=20]]')
  const { heard, ended } = await world.send(slow)
  await heard('token')
  const { session_id, identity } = slow
  const request = { session_id, user_id: identity.user_id, by: 'user', accepted: true } as const
  await world.edge.request(requests.cancel, request, { timeoutMs: 5000 })
  expect(await ended).toMatchObject({ type: 'cancelled', limits: expect.any(Array) })
  await world.database.query('update omni2.user_usage_limits set max_requests = 0 where user_id = $1', [
    userId,
  ])
  const refused = await (await world.send(world.makeTurn('No'))).ended
  expect(refused).toMatchObject({ type: 'error', code: 'request_limit' })
  expect(refused).not.toHaveProperty('limits')
})

test('chat.result - a turn that is accepted and not claimed yet is queued, for its own user only', async () => {
  const { session_id, identity } = world.makeTurn('Later')
  await world.database.query(
    `insert into omni2.flow_events (session_id, attempt, ordinal, user_id, source, node_id, event_type, occurred_at, outcome, data)
      values ($1, 0, 0, $2, 'ws', '0.0', 'accepted', now(), 'passed', '{}')`,
    [session_id, identity.user_id],
  )
  const ask = (user_id: number) =>
    world.edge.request(requests.result, { session_id, user_id }, { timeoutMs: 5000 })
  expect(await ask(identity.user_id)).toEqual({ state: 'queued' })
  expect(await ask(3)).toEqual({ state: 'unknown' })
})
