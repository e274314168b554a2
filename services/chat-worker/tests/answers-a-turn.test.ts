import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventTypes, requests, subjects } from '@omni2/contracts'
import { predictReply } from '@omni2/model-simulator'
import type { TestProcess } from '@omni2/testkit'
import { openWorkerWorld, userId, type WorkerWorld } from './worker-world.ts'

let world: WorkerWorld

let worker: TestProcess

beforeAll(async () => {
  world = await openWorkerWorld()
  worker = await world.startWorker()
})
afterAll(() => world[Symbol.asyncDispose]())

/** Text that does not compress. */
const longText = randomBytes(15_500).toString('hex')

/** Bytes of a turn in its row and in the stream of records, after its end. */
async function measureLeft(turnId: string): Promise<{ row: number; stream: number }> {
  const settlements = async () =>
    (await world.readFlow(turnId)).filter(({ kind }) => kind === 'settlement').length
  await expect.poll(settlements).toBe(1)
  const recorded = await world.readStream('FLOW_EVENTS', subjects.flowEvents(turnId))
  const [row] = await world.database.query<{ bytes: number }>(
    'select octet_length(turn::text) as bytes from omni2.turns turn where session_id = $1',
    [turnId],
  )
  return { row: row?.bytes ?? 0, stream: recorded.reduce((sum, { length }) => sum + length, 0) }
}

/** The most bytes that a refusal may store, whatever the length of the text. */
async function expectLittleLeft(turnId: string): Promise<void> {
  const left = await measureLeft(turnId)
  expect(left.row).toBeLessThan(1500)
  expect(left.stream).toBeLessThan(4000)
}

/** The model's reply to the first message of a conversation. */
const predictTurn = (text: string): string =>
  predictReply({ model: 'claude-sonnet-5-5', max_tokens: 8192, messages: [{ role: 'user', content: text }] })
    .text

/** The messages of the last request to the model. */
function readMessages(): { role: string; content: unknown }[] {
  const [last] = world.model.log.list()
  return JSON.parse((last && world.model.log.find(last.request)?.body) ?? '{}').messages
}

const textOf = (frames: readonly { type: string; text?: unknown }[]): string =>
  frames
    .filter(({ type }) => type === 'token')
    .map(({ text }) => String(text))
    .join('')

test('streams the reply byte for byte, numbered without gaps, and settles it once', async () => {
  const turn = world.makeTurn('Hello [[sim tokens=60]]')
  const { frames, ended } = await world.send(turn)
  const done = await ended
  const expected = predictTurn(turn.text)
  expect(done.type).toBe('done')
  expect(textOf(frames)).toBe(expected)
  expect(frames.map((frame) => 'seq' in frame && frame.seq)).toEqual(frames.map((_frame, index) => index + 1))
  expect(frames.map(({ type }) => type).filter((type) => type !== 'token')).toEqual(['started', 'done'])
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [
    turn.session_id,
  ])
  expect(row).toMatchObject({
    status: 'done',
    attempt: 1,
    answer: expected,
    user_id: userId,
    tokens_output: 60,
  })
})

test('bills what the model counted at the price of the table', async () => {
  const turn = world.makeTurn('Cost [[sim tokens=100]]')
  const { ended } = await world.send(turn)
  const done = await ended
  if (done.type !== 'done') throw new Error(`ended with ${done.type}`)
  const { tokens_input, tokens_output, cost_usd } = done.result
  const [row] = await world.database.query('select * from omni2.turns where session_id = $1', [
    turn.session_id,
  ])
  const uncached = tokens_input - Number(row?.['tokens_cache_read']) - Number(row?.['tokens_cache_write'])
  const expected =
    (uncached * 2 +
      tokens_output * 10 +
      Number(row?.['tokens_cache_read']) * 0.1 +
      Number(row?.['tokens_cache_write']) * 2.5) /
    1e6
  expect(tokens_output).toBe(100)
  expect(cost_usd).toBeCloseTo(expected, 8)
  expect(Number(row?.['cost_usd'])).toBe(cost_usd)
})

test('gives earlier turns of the conversation to the model', async () => {
  const first = world.makeTurn('My name is Ada.')
  const said = await (await world.send(first)).ended
  const second = world.makeTurn('What is my name?', { conversation_id: first.conversation_id })
  await (
    await world.send(second)
  ).ended
  if (said.type !== 'done') throw new Error('the first turn is missing')
  expect(readMessages().slice(0, 2)).toEqual([
    { role: 'user', content: 'My name is Ada.' },
    { role: 'assistant', content: said.result.answer },
  ])
})

test('an exchange that the model declined is not sent to it again', async () => {
  const declined = world.makeTurn('Never say this [[sim tokens=20 stop=refusal]]')
  expect(await (await world.send(declined)).ended).toMatchObject({ result: { stop_reason: 'refusal' } })
  const next = world.makeTurn('Say that instead', { conversation_id: declined.conversation_id })
  expect((await (await world.send(next)).ended).type).toBe('done')
  expect(readMessages()).toMatchObject([{ role: 'user', content: [{ text: 'Say that instead' }] }])
})

test('records every checkpoint in its order, then the settlement', async () => {
  const turn = world.makeTurn('Record me')
  const { ended } = await world.send(turn)
  await ended
  const isSettled = async () =>
    (await world.readFlow(turn.session_id)).some(({ kind }) => kind === 'settlement')
  await expect.poll(isSettled).toBe(true)
  const messages = await world.readFlow(turn.session_id)
  const events = messages.flatMap((message) => (message.kind === 'event' ? [message.event] : []))
  const worked = eventTypes.filter(
    (type) => !['accepted', 'tool_call', 'tool_result', 'error'].includes(type),
  )
  expect(events.map(({ event_type }) => event_type)).toEqual(worked)
  expect(events.map(({ ordinal }) => ordinal)).toEqual(worked.map((_type, index) => index + 1))
  expect(events.slice(1).map(({ parent_id }) => parent_id)).toEqual(
    events.slice(0, -1).map(({ node_id }) => node_id),
  )
  expect(events.find(({ event_type }) => event_type === 'mcp_permission_check')?.data).toMatchObject({
    permitted: ['files'],
    denied: ['mail'],
  })
  const settlement = messages.at(-1)
  expect(settlement).toMatchObject({ kind: 'settlement', status: 'done', attempt: 1, question: 'Record me' })
})

test.each([
  ['account_inactive', `update auth_service.users set active = false where id = 3`, 'error'],
  [
    'blocked',
    `insert into omni2.user_blocks (user_id, is_blocked, block_reason) values (3, true, 'spam')`,
    'blocked',
  ],
  ['cost_limit', `update auth_service.roles set cost_limit_daily = 0`, 'error'],
  ['rate_limited', `update auth_service.users set rate_limit_override = 0 where id = 3`, 'error'],
  ['request_limit', `insert into omni2.user_usage_limits (user_id, max_requests) values (3, 0)`, 'error'],
])('refuses a turn: %s', async (code, change, type) => {
  const { database } = world
  await database.query(change)
  const identity = { ...world.makeTurn('').identity, user_id: 3 }
  const turn = world.makeTurn(longText, { identity, client_msg_id: 'mine' })
  const { frames, ended } = await world.send(turn)
  expect(await ended).toMatchObject({ type, code, seq: 1, attempt: 1 })
  const [row] = await database.query(
    'select status, client_msg_id, user_text from omni2.turns where session_id = $1',
    [turn.session_id],
  )
  expect(row).toEqual({
    status: type === 'blocked' ? 'blocked' : 'refused',
    client_msg_id: 'mine',
    user_text: `${longText.slice(0, 500)}… [cut, 31000 characters]`,
  })
  await expectLittleLeft(turn.session_id)
  const events = (await world.readFlow(turn.session_id)).filter(({ kind }) => kind === 'event')
  expect(events.at(-1)).toMatchObject({ event: { outcome: 'refused', data: { code } } })
  expect(frames).toHaveLength(1)
  await world.edge.publishDurably(subjects.turns, JSON.stringify(turn), { id: `${turn.session_id}-again` })
  await expect.poll(() => frames.slice(1)).toEqual([frames[0]])
  await database.query(`update auth_service.users set active = true, rate_limit_override = null where id = 3`)
  await database.query(`update auth_service.roles set cost_limit_daily = 10`)
  await database.query(`delete from omni2.user_blocks`)
  await database.query(`delete from omni2.user_usage_limits`)
})

test('refuses a second turn of a conversation that runs', async () => {
  const first = world.makeTurn('Slow [[sim tokens=200 pace=5]]')
  const running = await world.send(first)
  await running.heard('token')
  const second = world.makeTurn(longText, { conversation_id: first.conversation_id })
  expect(await (await world.send(second)).ended).toMatchObject({ type: 'error', code: 'conversation_busy' })
  await expectLittleLeft(second.session_id)
  expect((await running.ended).type).toBe('done')
})

test('an admitted turn keeps its whole text, also when the model fails', async () => {
  for (const directive of ['[[sim tokens=1]]', '[[sim error=429]]']) {
    const turn = world.makeTurn(`${longText} ${directive}`)
    await (
      await world.send(turn)
    ).ended
    const left = await measureLeft(turn.session_id)
    expect(left.row).toBeGreaterThan(longText.length)
    expect(left.stream).toBeGreaterThan(2 * longText.length)
    const [row] = await world.database.query('select user_text from omni2.turns where session_id = $1', [
      turn.session_id,
    ])
    expect(row?.['user_text']).toBe(turn.text)
  }
})

test.each([
  ['error=529 ', 'model_overloaded'],
  ['error=429', 'model_spend_cap'],
  ['error=429 retry-after=60', 'model_rate_limited'],
  ['error=500', 'model_unavailable'],
  ['error=400', 'model_rejected'],
])('ends with a clear error and no cost when the model refuses at once: %s', async (directive, code) => {
  const turn = world.makeTurn(`Fail [[sim ${directive}]]`)
  const end = await (await world.send(turn)).ended
  expect(end).toMatchObject({ type: 'error', code })
  expect(JSON.stringify(end)).not.toMatch(/simulat/i)
  const [row] = await world.database.query('select status, cost_usd from omni2.turns where session_id = $1', [
    turn.session_id,
  ])
  expect(row).toMatchObject({ status: 'error', cost_usd: '0.00000000' })
})

test('tries again as long as no text was sent', async () => {
  const turn = world.makeTurn('Again [[sim error=529 fail-first=1 key=again]]')
  const end = await (await world.send(turn)).ended
  expect(end).toMatchObject({ type: 'done', result: { iterations: 2 } })
})

test.each(['error=overloaded_error@10', 'reset@10', 'truncate@10'])(
  'ends as interrupted with what was said when the stream breaks, and remembers it: %s',
  async (directive) => {
    const turn = world.makeTurn(`Break [[sim tokens=40 ${directive}]]`)
    const { frames, ended } = await world.send(turn)
    const end = await ended
    if (end.type !== 'error') throw new Error(`ended with ${end.type}`)
    expect(end).toMatchObject({
      code: 'interrupted',
      result: { estimated: true, stop_reason: 'interrupted' },
    })
    expect(end.result?.answer).toBe(textOf(frames))
    expect(end.result?.answer).not.toBe('')
    expect(end.result?.cost_usd).toBeGreaterThan(0)
    await (
      await world.send(world.makeTurn('Go on', { conversation_id: turn.conversation_id }))
    ).ended
    expect(readMessages()[1]).toEqual({ role: 'assistant', content: end.result?.answer })
  },
)

test('parks a message that is no turn, with the reason, and goes on', async () => {
  await world.edge.publishDurably('chat.turns', 'not a turn', { id: 'poison' })
  expect((await (await world.send(world.makeTurn('After poison'))).ended).type).toBe('done')
  await expect.poll(() => world.readStream('DEAD_LETTERS', 'dead.CHAT_TURNS')).toHaveLength(1)
  const [letter = ''] = await world.readStream('DEAD_LETTERS', 'dead.CHAT_TURNS')
  const { reason, payload } = JSON.parse(letter)
  const parked = [reason, Buffer.from(payload, 'base64').toString()]
  expect(parked).toEqual(['not_a_turn: not a turn message', 'not a turn'])
})

test('a user cannot reopen or continue a conversation of another user', async () => {
  const mine = world.makeTurn('Mine')
  await (
    await world.send(mine)
  ).ended
  const open = (user_id: number) =>
    world.edge.request(
      requests.open,
      { identity: { ...mine.identity, user_id }, conversation_id: mine.conversation_id },
      { timeoutMs: 5000 },
    )
  expect(await open(userId)).toMatchObject({ allowed: true })
  expect(await open(3)).toMatchObject({ allowed: false, code: 'not_found' })
  const theirs = world.makeTurn('Theirs', {
    conversation_id: mine.conversation_id,
    identity: { ...mine.identity, user_id: 3 },
  })
  await world.send(theirs)
  await expect.poll(() => world.readStream('DEAD_LETTERS', 'dead.CHAT_TURNS')).toHaveLength(2)
  const rows = await world.database.query('select 1 from omni2.turns where session_id = $1', [
    theirs.session_id,
  ])
  expect(rows).toEqual([])
})

test('restrictions that cannot be read leave no tools, are recorded and alarm the operator', async () => {
  const restrict = (json: string) =>
    world.database.query('update auth_service.roles set tool_restrictions = $1 where id = 1', [json])
  await restrict('{"files": "read_*"}')
  const turn = world.makeTurn('Which tools?')
  expect((await (await world.send(turn)).ended).type).toBe('done')
  const filtered = (await world.readFlow(turn.session_id)).find(
    (message) => message.kind === 'event' && message.event.event_type === 'tool_filter',
  )
  expect(filtered).toMatchObject({ event: { data: { unreadable: ['files'], tools: [] } } })
  await worker.log.waitFor(/tool restrictions unreadable/)
  await restrict('{"files": ["read_*"]}')
})
