import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { makeConversationId, makeTurnId } from '@omni2/contracts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({
    env: { EDGE_CANCEL_TIMEOUT_MS: '3000', EDGE_FRAMES_BURST: '1000', EDGE_ASK_AGAIN_MS: '50' },
  })
})

beforeEach(() => {
  edge.worker.cancel = ({ accepted }) => ({ state: accepted ? 'requested' : 'unknown' })
  edge.worker.result = edge.worker.readEnd
  edge.worker.cancelled.length = 0
})

afterAll(() => edge[Symbol.asyncDispose]())

async function openChat(userId = 1) {
  const chat = await edge.connect({ assertion: { userId } })
  const { conversation_id, resume_token } = await chat.next('welcome')
  return {
    chat,
    conversationId: conversation_id,
    token: resume_token,
    [Symbol.dispose]: () => chat[Symbol.dispose](),
  }
}

async function startTurn() {
  const opened = await openChat()
  opened.chat.say('hello', { client_msg_id: 'm1' })
  const attempt = await edge.worker.takeTurn()
  await opened.chat.next('accepted')
  return { ...opened, attempt }
}

test.each(['session_id', 'client_msg_id'])('by %s - asked of a worker, and its end comes', async (by) => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  const { session_id } = attempt.turn
  attempt.say('half a')
  await chat.next('token')
  chat.send({ type: 'cancel', [by]: by === 'session_id' ? session_id : 'm1' })
  await expect
    .poll(() => edge.worker.cancelled)
    .toEqual([{ session_id, user_id: 1, by: 'user', accepted: true }])
  expect(await chat.settle()).toEqual([])
  const end = attempt.finishCancelled()
  expect(await chat.nextBytes()).toEqual(Buffer.from(end))
  chat.say('next')
  expect((await edge.worker.takeTurn()).turn.text).toBe('next')
})

test('a message that waits - withdrawn, and it never begins', async () => {
  using turn = await startTurn()
  const { chat, attempt, conversationId } = turn
  chat.say('second', { client_msg_id: 'm2' })
  chat.say('third', { client_msg_id: 'm3' })
  chat.send({ type: 'cancel', client_msg_id: 'm2' })
  expect(await chat.next('cancelled')).toMatchObject({
    session_id: makeTurnId({ userId: 1, conversationId, clientMsgId: 'm2' }),
    attempt: 0,
    client_msg_id: 'm2',
    result: { answer: '', stop_reason: 'cancelled', cost_usd: 0 },
  })
  attempt.finish()
  await chat.next('done')
  expect((await edge.worker.takeTurn()).turn.text).toBe('third')
  // Another connection may have stored it a moment before: only the second `unknown` counts.
  expect(edge.worker.cancelled).toMatchObject([{ accepted: false }, { accepted: false }])
})

test('a message that waits, stored a moment ago by another connection - its real end', async () => {
  using first = await startTurn()
  const { attempt, conversationId } = first
  const { session_id } = attempt.turn
  await attempt.own()
  using chat = await edge.connect({ query: `?conversation_id=${conversationId}` })
  await chat.next('welcome')
  chat.say('another', { client_msg_id: 'm2' })
  const running = await edge.worker.takeTurn()
  edge.worker.cancel = () => ({ state: edge.worker.cancelled.length === 1 ? 'unknown' : 'requested' })
  chat.say('hello', { client_msg_id: 'm1' })
  chat.send({ type: 'cancel', client_msg_id: 'm1' })
  await expect.poll(() => edge.worker.cancelled).toHaveLength(2)
  attempt.finishCancelled()
  expect((await chat.until('cancelled')).at(-1)).toMatchObject({ session_id, attempt: 1 })
  running.finish()
})

test('a message that waits although it runs already, sent before on another connection - its real end, once', async () => {
  using first = await startTurn()
  const { attempt, conversationId } = first
  const { session_id } = attempt.turn
  await attempt.own()
  attempt.say('half a')
  // Its messages wait until it is admitted, and by then the cancel is there.
  const opening = Promise.withResolvers<void>()
  edge.worker.open = async () => {
    await opening.promise
    return { allowed: true, welcome: '', limits: [], running: session_id }
  }
  edge.worker.cancel = () => ({ state: 'requested' })
  using chat = await edge.connect({ query: `?conversation_id=${conversationId}` })
  chat.say('hello', { client_msg_id: 'm1' })
  chat.send({ type: 'cancel', client_msg_id: 'm1' })
  await chat.settle()
  opening.resolve()
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
  await expect.poll(() => edge.worker.cancelled).toMatchObject([{ session_id, accepted: true }])
  attempt.say(' sentence')
  attempt.finishCancelled()
  const frames = await chat.until('cancelled')
  expect(frames.at(-1)).toMatchObject({ session_id, attempt: 1, result: { answer: 'half a sentence' } })
  expect(frames.filter(({ type }) => type === 'accepted')).toMatchObject([{ client_msg_id: 'm1' }])
  expect(await chat.settle()).toEqual([])
})

test('a message that waits behind a resume of the same turn - the real end, once', async () => {
  const first = await startTurn()
  const { attempt } = first
  const { session_id } = attempt.turn
  await attempt.own()
  attempt.say('half')
  first.chat[Symbol.dispose]()
  edge.worker.cancel = () => ({ state: 'requested' })
  using opened = await openChat()
  const { chat } = opened
  chat.send({ type: 'resume', resume_token: first.token, session_id })
  await chat.next('snapshot')
  chat.say('hello', { client_msg_id: 'm1' })
  chat.send({ type: 'cancel', client_msg_id: 'm1' })
  expect(await chat.next('accepted')).toMatchObject({ session_id, client_msg_id: 'm1' })
  attempt.finishCancelled()
  expect(await chat.next('cancelled')).toMatchObject({ session_id, attempt: 1 })
  expect(await chat.settle()).toEqual([])
})

test('a message and its cancel in one breath - it either never begins or is cancelled as accepted', async () => {
  using opened = await openChat()
  const { chat } = opened
  for (let round = 0; round < 20; round += 1) {
    const client_msg_id = `m${round}`
    chat.say('hello', { client_msg_id })
    if (round % 2 === 0) await new Promise((resolve) => setImmediate(resolve))
    chat.send({ type: 'cancel', client_msg_id })
    const { type } = JSON.parse((await chat.nextBytes()).toString()) as { type: string }
    if (type === 'cancelled') continue
    const attempt = await edge.worker.takeTurn()
    await expect
      .poll(() => edge.worker.cancelled.at(-1))
      .toMatchObject({
        session_id: attempt.turn.session_id,
        accepted: true,
      })
    attempt.finishCancelled()
    await chat.until('cancelled')
  }
})

test("an unknown turn and another user's - not_found, alike", async () => {
  using turn = await startTurn()
  const { session_id } = turn.attempt.turn
  edge.worker.cancel = ({ user_id }) => ({ state: user_id === 1 ? 'requested' : 'unknown' })
  using other = await openChat(66)
  const unknown = makeConversationId()
  other.chat.send({ type: 'cancel', session_id: unknown })
  const expected = await other.chat.next('error')
  expect(expected).toMatchObject({ code: 'not_found', session_id: unknown, attempt: 0 })
  other.chat.send({ type: 'cancel', session_id })
  expect(await other.chat.next('error')).toEqual({ ...expected, session_id })
  other.chat.send({ type: 'cancel', client_msg_id: 'm1' })
  expect(await other.chat.next('error')).toMatchObject({ code: 'not_found', client_msg_id: 'm1' })
  for (const { accepted } of edge.worker.cancelled) expect(accepted).toBe(false)
  turn.attempt.finishCancelled()
  expect(await other.chat.settle()).toEqual([])
})

test('from another connection of the user - it sees the answer and the end, and nothing before that', async () => {
  using turn = await startTurn()
  const { attempt } = turn
  await attempt.own()
  attempt.say('half a')
  using other = await openChat()
  edge.worker.cancel = () => ({ state: 'requested' })
  other.chat.send({ type: 'cancel', session_id: attempt.turn.session_id })
  await expect.poll(() => edge.worker.cancelled).toMatchObject([{ accepted: false }])
  expect(await other.chat.settle()).toEqual([])
  attempt.say(' sentence')
  const end = attempt.finishCancelled()
  expect(await other.chat.next('snapshot')).toMatchObject({ text: 'half a sentence' })
  expect(await other.chat.nextBytes()).toEqual(Buffer.from(end))
  expect(await turn.chat.until('cancelled')).toHaveLength(3)
})

test('a turn that has ended - its end once on each connection', async () => {
  using turn = await startTurn()
  using other = await openChat()
  const { chat, attempt } = turn
  const { session_id } = attempt.turn
  attempt.say('all')
  const end = attempt.finish()
  await chat.until('done')
  edge.worker.cancel = () => ({ state: 'ended' })
  edge.worker.result = () => ({ state: 'ended', frame: Buffer.from(end).toString() })
  for (let times = 0; times < 2; times += 1) {
    chat.send({ type: 'cancel', session_id })
    other.chat.send({ type: 'cancel', session_id })
  }
  expect(await other.chat.next('snapshot')).toMatchObject({ text: 'all' })
  expect(await other.chat.nextBytes()).toEqual(Buffer.from(end))
  await expect.poll(() => edge.worker.cancelled.length).toBe(4)
  for (const each of [chat, other.chat]) expect(await each.settle()).toEqual([])
  chat.say('hello', { client_msg_id: 'm1' })
  expect((await chat.until('done')).map(({ type }) => type)).toEqual(['accepted', 'snapshot', 'done'])
})

test('a turn that ends while the worker is asked - its end once', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  edge.worker.cancel = () => {
    attempt.finishCancelled()
    return { state: 'requested' }
  }
  const end = attempt.loseEnd()
  edge.worker.result = () => ({ state: 'ended', frame: end })
  chat.send({ type: 'cancel', session_id: attempt.turn.session_id })
  expect((await chat.until('cancelled')).map(({ type }) => type)).toEqual(['snapshot', 'cancelled'])
  chat.say('hello', { client_msg_id: 'm2' })
  const next = await edge.worker.takeTurn()
  next.finish()
  expect((await chat.until('done')).map(({ type }) => type)).toEqual(['accepted', 'done'])
})

test('no worker that answers - unavailable, the turn goes on', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  edge.worker.cancel = () => undefined
  chat.send({ type: 'cancel', session_id: attempt.turn.session_id })
  expect(await chat.next('error')).toMatchObject({
    code: 'unavailable',
    attempt: 0,
    retry_after_ms: expect.any(Number),
  })
  attempt.finish()
  await chat.next('done')
})
