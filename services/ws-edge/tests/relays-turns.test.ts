import { afterAll, beforeAll, expect, test } from 'vitest'
import { flowMessageSchema, makeTurnId, subjects } from '@omni2/contracts'
import { openBus } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_WAITING_MESSAGES: '2' } })
})

afterAll(() => edge[Symbol.asyncDispose]())

async function openChat() {
  const chat = await edge.connect({ assertion: { userId: 3 } })
  const { conversation_id } = await chat.next('welcome')
  return { chat, conversationId: conversation_id }
}

test('a message becomes a turn of its user and conversation', async () => {
  const { chat, conversationId } = await openChat()
  using _chat = chat
  chat.say('Grüße 🌍\u2028', { client_msg_id: 'first', unknown: true })
  const { turn } = await edge.worker.takeTurn()
  expect(turn).toMatchObject({
    session_id: makeTurnId({ userId: 3, conversationId, clientMsgId: 'first' }),
    conversation_id: conversationId,
    identity: { user_id: 3, sid: 'login-1' },
    source: 'ws',
    client_msg_id: 'first',
    text: 'Grüße 🌍\u2028',
    replaces: null,
  })
  expect(await chat.next('accepted')).toEqual({
    type: 'accepted',
    session_id: turn.session_id,
    attempt: 0,
    from: 0,
    seq: 0,
    client_msg_id: 'first',
  })
})

test("every frame arrives byte for byte as the worker wrote it, after 'accepted'", async () => {
  const { chat } = await openChat()
  using _chat = chat
  chat.say('hello')
  const attempt = await edge.worker.takeTurn()
  const sent = [
    attempt.send('started'),
    attempt.say('Grüße, '),
    attempt.say('世界 🌍 \u0000\u2028 \ud800 "quoted" \\ end'),
    attempt.send('tool_call', { mcp: 'files', tool: 'read', call_id: 'c1', input: { deep: [[[]]] } }),
    attempt.finish(),
  ]
  await chat.next('accepted')
  for (const bytes of sent) expect(await chat.nextBytes()).toEqual(Buffer.from(bytes))
  expect(await chat.settle()).toEqual([])
})

test("the turn's first event is recorded", async () => {
  const { chat, conversationId } = await openChat()
  using _chat = chat
  chat.say('12345', { client_msg_id: 'recorded' })
  const attempt = await edge.worker.takeTurn()
  attempt.finish()
  await chat.until('done')
  const { session_id } = attempt.turn
  await using bus = await openConsoleBus()
  const manager = await bus.openManager()
  const findEvent = () =>
    manager.streams.getMessage('FLOW_EVENTS', { last_by_subj: subjects.flowAccepted(session_id) })
  await expect.poll(findEvent).not.toBeNull()
  const stored = await findEvent()
  expect(stored?.header.get('Nats-Msg-Id')).toBe(`${session_id}:0:0`)
  expect(flowMessageSchema.parse(stored?.json())).toMatchObject({
    kind: 'event',
    session_id,
    user_id: 3,
    conversation_id: conversationId,
    source: 'ws',
    event: {
      node_id: '0.0',
      parent_id: null,
      event_type: 'accepted',
      attempt: 0,
      ordinal: 0,
      outcome: 'passed',
      data: { client_msg_id: 'recorded', edge: 'edge-under-test', text_length: 5 },
    },
  })
})

async function openConsoleBus() {
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const url = edge.nats.urlFor('console')
  return openBus({ url, user: 'console', name: 'test', connectDeadlineMs: 5000, log })
}

test('messages are answered one after another, in order, and the queue is bounded', async () => {
  const { chat } = await openChat()
  using _chat = chat
  for (const text of ['one', 'two', 'three']) chat.say(text)
  const first = await edge.worker.takeTurn()
  await chat.next('accepted')
  chat.say('four', { client_msg_id: 'm4' })
  expect(await chat.settle()).toMatchObject([
    { type: 'error', code: 'queue_full', client_msg_id: 'm4', retry_after_ms: expect.any(Number) },
  ])
  expect(first.turn.text).toBe('one')
  first.finish()
  await chat.next('done')
  const second = await edge.worker.takeTurn()
  expect(second.turn.text).toBe('two')
  second.finish()
  await chat.until('done')
  const third = await edge.worker.takeTurn()
  expect(third.turn.text).toBe('three')
})

test('the running message sent again is the same turn, accepted again and run once', async () => {
  const { chat } = await openChat()
  using _chat = chat
  chat.say('same', { client_msg_id: 'm1' })
  const attempt = await edge.worker.takeTurn()
  const { session_id } = await chat.next('accepted')
  chat.say('same', { client_msg_id: 'm1' })
  expect(await chat.settle()).toMatchObject([{ type: 'accepted', session_id }])
  attempt.finish()
  await chat.next('done')
})

test('a message sent again after its end is answered with that end', async () => {
  const { chat } = await openChat()
  using _chat = chat
  chat.say('same', { client_msg_id: 'm1' })
  const attempt = await edge.worker.takeTurn()
  const { session_id } = await chat.next('accepted')
  const done = attempt.finish()
  await chat.next('done')
  edge.worker.result = () => ({ state: 'ended', frame: Buffer.from(done).toString() })
  chat.say('same', { client_msg_id: 'm1' })
  expect((await chat.next('accepted')).session_id).toBe(session_id)
  expect(await chat.nextBytes()).toEqual(Buffer.from(done))
})

test('a message sent again through another connection follows the running turn', async () => {
  const { chat, conversationId } = await openChat()
  using _chat = chat
  chat.say('same', { client_msg_id: 'm1' })
  const attempt = await edge.worker.takeTurn()
  const { session_id } = await chat.next('accepted')
  attempt.send('started')
  attempt.say('so far ')
  await attempt.own()
  using other = await edge.connect({ assertion: { userId: 3 }, query: `?conversation_id=${conversationId}` })
  await other.next('welcome')
  other.say('same', { client_msg_id: 'm1' })
  expect((await other.next('accepted')).session_id).toBe(session_id)
  expect(await other.next('snapshot')).toMatchObject({ attempt: 1, seq: 2, text: 'so far ' })
  const rest = attempt.say('and on')
  attempt.finish()
  expect(await other.nextBytes()).toEqual(Buffer.from(rest))
  await other.next('done')
  expect((await chat.until('done')).map(({ type }) => type)).toEqual(['started', 'token', 'token', 'done'])
})

test('a message sent again, ended by an attempt that said nothing - the text of the attempt before is cleared', async () => {
  const { chat, conversationId } = await openChat()
  chat.say('same', { client_msg_id: 'm1' })
  const attempt = await edge.worker.takeTurn()
  await chat.next('accepted')
  attempt.say('so far ')
  await chat.next('token')
  chat[Symbol.dispose]()
  edge.worker.result = () => ({ state: 'unknown' })
  using other = await edge.connect({ assertion: { userId: 3 }, query: `?conversation_id=${conversationId}` })
  await other.next('welcome')
  other.say('same', { client_msg_id: 'm1' })
  await other.next('accepted')
  attempt.retry().finishCancelled()
  expect(await other.next('snapshot')).toMatchObject({ attempt: 2, seq: 0, text: '' })
  expect(await other.next('cancelled')).toMatchObject({ attempt: 2, seq: 1 })
})

test("turns of another connection's conversation are never seen", async () => {
  const one = await openChat()
  const two = await openChat()
  using _one = one.chat
  using _two = two.chat
  one.chat.say('mine')
  const attempt = await edge.worker.takeTurn()
  attempt.finish()
  await one.chat.until('done')
  expect(await two.chat.settle()).toEqual([])
})

test('an error of a turn ends it, and the next message begins another', async () => {
  const { chat } = await openChat()
  using _chat = chat
  chat.say('one')
  const first = await edge.worker.takeTurn()
  first.send('error', { error: 'The budget is used up.', code: 'cost_limit', limit: 1, used: 1 })
  expect((await chat.until('error')).at(-1)).toMatchObject({ code: 'cost_limit', attempt: 1, seq: 1 })
  chat.say('two')
  expect((await edge.worker.takeTurn()).turn.text).toBe('two')
})
