import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_SILENCE_MS: '400', EDGE_ASK_AGAIN_MS: '50' } })
})

beforeEach(() => {
  edge.worker.result = edge.worker.readEnd
})

afterAll(() => edge[Symbol.asyncDispose]())

async function startTurn() {
  const chat = await edge.connect()
  await chat.next('welcome')
  chat.say('hello')
  const attempt = await edge.worker.takeTurn()
  await chat.next('accepted')
  return { chat, attempt, [Symbol.dispose]: () => chat[Symbol.dispose]() }
}

test('frames of a lower attempt are dropped once a later one has spoken', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  attempt.say('old ')
  const second = attempt.retry()
  second.send('restart')
  attempt.say('ghost')
  attempt.finish()
  second.say('new')
  second.finish()
  const frames = await chat.until('done')
  expect(frames.map(({ type, attempt: number }) => [type, number])).toEqual([
    ['token', 1],
    ['restart', 2],
    ['token', 2],
    ['done', 2],
  ])
})

test('a frame that came already is not sent again', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  const bytes = attempt.say('once')
  edge.worker.bus.publish(
    `chat.replies.${attempt.turn.conversation_id}.${attempt.turn.session_id}.token`,
    bytes,
  )
  attempt.finish()
  expect((await chat.until('done')).map(({ type }) => type)).toEqual(['token', 'done'])
})

test('a gap is filled with one snapshot of the owner, and frames go on after it', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  await attempt.own()
  attempt.send('started')
  attempt.say('a')
  attempt.lose('token', { text: 'b' })
  attempt.say('c')
  attempt.say('d')
  expect(await chat.next('started')).toMatchObject({ seq: 1 })
  expect(await chat.next('token')).toMatchObject({ seq: 2 })
  expect(await chat.next('snapshot')).toMatchObject({ attempt: 1, seq: 5, text: 'abcd' })
  attempt.say('e')
  attempt.finish()
  expect(await chat.next('token')).toMatchObject({ seq: 6, text: 'e' })
  expect(await chat.next('done')).toMatchObject({ seq: 7 })
})

test('a lost beginning is a gap too', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  await attempt.own()
  attempt.lose('started')
  attempt.say('a')
  expect(await chat.next('snapshot')).toMatchObject({ seq: 2, text: 'a' })
})

test('the answer of an owner with a lower attempt is ignored', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  await attempt.own()
  const second = attempt.retry()
  second.send('restart')
  second.lose('token', { text: 'x' })
  second.say('y')
  const asked = edge.worker.asked
  second.finish()
  expect((await chat.until('done')).map(({ type }) => type)).toEqual(['restart', 'snapshot', 'done'])
  expect(edge.worker.asked).toBe(asked)
})

test('a terminal frame with frames missing before it comes after a snapshot of its answer', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  attempt.say('a')
  attempt.lose('token', { text: 'b' })
  attempt.finish()
  await chat.next('token')
  expect(await chat.next('snapshot')).toMatchObject({ attempt: 1, from: 2, seq: 2, text: 'ab' })
  expect((await chat.next('done')).result.answer).toBe('ab')
})

test("the edge asks about a gap that no worker can fill until the turn's row has ended", async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  edge.worker.result = () => ({ state: 'running', attempt: 1 })
  attempt.lose('token', { text: 'a' })
  attempt.say('b')
  const asked = edge.worker.asked
  await expect.poll(() => edge.worker.asked).toBeGreaterThan(asked + 1)
  const frame = attempt.loseEnd()
  edge.worker.result = () => ({ state: 'ended', frame })
  expect(JSON.parse(String(await nextAfterWaiting(chat)))).toMatchObject({ type: 'snapshot', text: 'ab' })
  expect(String(await chat.nextBytes())).toBe(frame)
})

async function nextAfterWaiting(chat: { nextBytes(): Promise<Buffer> }): Promise<Buffer> {
  for (;;) {
    const bytes = await chat.nextBytes()
    if (!bytes.includes('"type":"waiting"')) return bytes
  }
}

test("a silent turn is reported as waiting, again and again, and ends only with its row's end", async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  edge.worker.result = () => ({ state: 'queued' })
  const { session_id } = attempt.turn
  for (let round = 0; round < 3; round += 1)
    expect(await chat.next('waiting')).toEqual({ type: 'waiting', session_id, attempt: 0, from: 0, seq: 0 })
  const done = attempt.finish()
  expect(await nextAfterWaiting(chat)).toEqual(Buffer.from(done))
})

test('a silent turn whose owner answers is not reported as waiting', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  let answers = 0
  await attempt.own(() => ((answers += 1), attempt.snapshot))
  attempt.send('started')
  await chat.next('started')
  await expect.poll(() => answers, { timeout: 10_000 }).toBeGreaterThan(2)
  expect(await chat.settle()).toEqual([])
})
