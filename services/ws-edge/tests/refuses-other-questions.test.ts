import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  encodeTurnFrame,
  makeConversationId,
  makeQuestionDigest,
  subjects,
  turnMessageSchema,
  type ResultReply,
} from '@omni2/contracts'
import type { Chat } from './chat.ts'
import { askedBy, result, type Attempt } from './scripted-worker.ts'
import { say, type SseStream } from './sse-stream.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge
let sibling: Awaited<ReturnType<TestEdge['startSibling']>>
/** The other edge, as one that is asked over SSE. */
let other: { url: string; auth: TestEdge['auth'] }

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_ASK_AGAIN_MS: '50', EDGE_OWNER_TIMEOUT_MS: '300' } })
  sibling = await edge.startSibling()
  other = { url: sibling.url, auth: edge.auth }
})
beforeEach(() => {
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
  edge.worker.result = edge.worker.readEnd
})
afterAll(() => edge[Symbol.asyncDispose]())

/** As its row would answer for an ended turn. */
const endedAs = (attempt: Attempt, frame: string): ResultReply => ({
  state: 'ended',
  frame,
  asked: askedBy(attempt.turn),
})

/** A message under an id that another one has, through another edge; both belong to one conversation. */
async function openBoth(): Promise<{ first: Chat; second: Chat } & Disposable> {
  const conversation = `?conversation_id=${makeConversationId()}`
  const [first, second] = await Promise.all([edge, sibling].map((at) => at.connect({ query: conversation })))
  if (!first || !second) throw new Error('not connected')
  await Promise.all([first.next('welcome'), second.next('welcome')])
  const both = new DisposableStack()
  both.use(first)
  both.use(second)
  return { first, second, [Symbol.dispose]: () => both.dispose() }
}

const mismatch = { type: 'error', code: 'idempotency_mismatch', client_msg_id: 'm' }

async function expectRefused(stream: SseStream, turnId: string): Promise<void> {
  expect(stream.status).toBe(422)
  expect(await stream.refusal()).toMatchObject({ code: 'idempotency_mismatch', session_id: turnId })
}

test('one socket - waiting and being answered, another text or another turn replaced is a mismatch, the same is not', async () => {
  using chat = await edge.connect()
  await chat.next('welcome')
  chat.say('one', { client_msg_id: 'a' })
  const attempt = await edge.worker.takeTurn()
  await chat.next('accepted')
  chat.say('two', { client_msg_id: 'b' })
  for (const client_msg_id of ['a', 'b']) {
    chat.say('else', { client_msg_id })
    expect(await chat.next('error')).toMatchObject({ ...mismatch, client_msg_id })
  }
  chat.say('one', { client_msg_id: 'a', replaces: attempt.turn.session_id })
  expect(await chat.next('error')).toMatchObject({ ...mismatch, client_msg_id: 'a' })
  chat.say('one', { client_msg_id: 'a' })
  await chat.next('accepted')
  attempt.say('1')
  attempt.finish()
  expect((await chat.until('done')).at(-1)).toMatchObject({ result: { answer: '1' } })
  expect((await edge.worker.takeTurn()).turn.text).toBe('two')
})

test('in the queue - refused by another edge, also while no worker answers, and the message stays', async () => {
  using both = await openBoth()
  both.first.say('one', { client_msg_id: 'm' })
  const { session_id } = await both.first.next('accepted')
  both.second.say('two', { client_msg_id: 'm' })
  expect(await both.second.next('error')).toMatchObject(mismatch)
  expect(edge.worker.asked).toBe(0)
  both.second.say('one', { client_msg_id: 'm' })
  expect(await both.second.next('accepted')).toMatchObject({ session_id })
  const attempt = await edge.worker.takeTurn()
  expect(attempt.turn.text).toBe('one')
  attempt.finish()
  for (const chat of [both.first, both.second]) await chat.until('done')
})

test('running - its message is in the queue, or its worker knows what it asks', async () => {
  using both = await openBoth()
  both.first.say('one', { client_msg_id: 'm' })
  await both.first.next('accepted')
  const message = await edge.worker.takeMessage()
  both.second.say('two', { client_msg_id: 'm' })
  expect(await both.second.next('error')).toMatchObject(mismatch)
  await message.ackAck()
  const attempt = edge.worker.attempt(turnMessageSchema.parse(message.json()))
  await attempt.own(() => ({ ...attempt.snapshot, asked: askedBy(attempt.turn) }))
  both.second.say('three', { client_msg_id: 'm' })
  expect(await both.second.next('error')).toMatchObject(mismatch)
  attempt.finish()
  await both.first.until('done')
})

test('over SSE - queued, running and ended at another edge are 422, and the first stream continues', async () => {
  const asking = say(edge, 'one', { key: 'sse-1' })
  const message = await edge.worker.takeMessage()
  const attempt = edge.worker.attempt(turnMessageSchema.parse(message.json()))
  const { session_id } = attempt.turn
  using queued = await say(other, 'two', { key: 'sse-1' })
  await expectRefused(queued, session_id)
  await message.ackAck()
  const owned = await attempt.own(() => ({ ...attempt.snapshot, asked: askedBy(attempt.turn) }))
  using running = await say(other, 'two', { key: 'sse-1' })
  await expectRefused(running, session_id)
  attempt.send('started')
  const end = Buffer.from(attempt.finish()).toString()
  using first = await asking
  expect((await first.rest()).map(({ event }) => event)).toEqual(['accepted', 'started', 'done'])
  owned.unsubscribe()
  edge.worker.result = () => endedAs(attempt, end)
  using over = await say(other, 'two', { key: 'sse-1' })
  await expectRefused(over, session_id)
  using again = await say(other, 'one', { key: 'sse-1' })
  expect((await again.rest()).map(({ event }) => event)).toEqual(['accepted', 'snapshot', 'done'])
})

test('refused or cancelled before its claim - the row says what it asked, whatever it keeps of the text', async () => {
  using both = await openBoth()
  const long = 'x'.repeat(2000)
  both.first.say(long, { client_msg_id: 'm' })
  const attempt = await edge.worker.takeTurn()
  await both.first.next('accepted')
  const refused = Buffer.from(attempt.send('error', { error: 'No.', code: 'token_limit' })).toString()
  await both.first.next('error')
  await both.second.next('error')
  edge.worker.result = () => ({
    state: 'ended',
    frame: refused,
    asked: { ...askedBy(attempt.turn), question: 'x… [cut]' },
  })
  both.second.say(`${long.slice(1)}y`, { client_msg_id: 'm' })
  expect(await both.second.next('error')).toMatchObject(mismatch)
  both.second.say(long, { client_msg_id: 'm' })
  await both.second.next('accepted')
  expect(await both.second.next('error')).toMatchObject({ code: 'token_limit' })
})

test('two at the same moment through two edges - one is answered, the other is refused', async () => {
  const streams = Promise.all([say(edge, 'one', { key: 'race' }), say(other, 'two', { key: 'race' })])
  const attempt = await edge.worker.takeTurn()
  await attempt.own(() => ({ ...attempt.snapshot, asked: askedBy(attempt.turn) }))
  attempt.send('started', askedBy(attempt.turn))
  attempt.finish()
  const [one, two] = await streams
  const [taken, refused] = attempt.turn.text === 'one' ? [one, two] : [two, one]
  await expectRefused(refused, attempt.turn.session_id)
  expect((await taken.rest()).at(-1)?.event).toBe('done')
})

test('a mismatch that only a worker finds, later than the queue remembers - ends the message, and only it', async () => {
  using both = await openBoth()
  both.second.say('two', { client_msg_id: 'm' })
  await both.second.next('accepted')
  const { turn } = await edge.worker.takeTurn()
  const sendMismatch = (text: string) => {
    const digest = makeQuestionDigest({ text, replaces: null })
    edge.worker.bus.publish(subjects.mismatch(turn), JSON.stringify({ session_id: turn.session_id, digest }))
  }
  sendMismatch('another')
  sendMismatch('two')
  expect(await both.second.next('error')).toMatchObject({ code: 'idempotency_mismatch', attempt: 1, seq: 1 })
  const { session_id } = turn
  const done = { type: 'done', session_id, attempt: 1, from: 2, seq: 2 } as const
  edge.worker.bus.publish(subjects.reply(turn, 'done'), encodeTurnFrame(done, { result: result('one') }))
  both.second.say('three')
  const next = await edge.worker.takeTurn()
  expect(await both.second.next('accepted')).toMatchObject({ session_id: next.turn.session_id })
  expect(both.second.left).toEqual([])
  next.finish()
  await both.second.until('done')

  const asking = say(edge, 'two', { key: 'late' })
  const { turn: asked } = await edge.worker.takeTurn()
  const digest = makeQuestionDigest({ text: 'two', replaces: null })
  edge.worker.bus.publish(subjects.mismatch(asked), JSON.stringify({ session_id: asked.session_id, digest }))
  using stream = await asking
  await expectRefused(stream, asked.session_id)
})

test('a turn that starts, or is found running, with another question is never shown as the own one', async () => {
  using chat = await edge.connect()
  await chat.next('welcome')
  chat.say('two', { client_msg_id: 'm' })
  const started = await edge.worker.takeTurn()
  await chat.next('accepted')
  started.send('started', { question: 'one' })
  started.say('answer to one')
  expect(await chat.next('error')).toMatchObject({ code: 'idempotency_mismatch', attempt: 1 })

  chat.say('two', { client_msg_id: 'n' })
  const running = await edge.worker.takeTurn()
  await chat.next('accepted')
  const asked = askedBy({ ...running.turn, text: 'one' })
  await running.own(() => ({ ...running.snapshot, asked }))
  running.lose('started')
  running.say('answer to one')
  expect(await chat.next('error')).toMatchObject({ code: 'idempotency_mismatch', attempt: 1 })
  expect(await chat.settle()).toEqual([])
})
