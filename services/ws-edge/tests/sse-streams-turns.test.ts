import { Agent } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askPaths, flowMessageSchema, makeTurnId, subjects } from '@omni2/contracts'
import { openBus } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'
import { ask, say, type SentEvent } from './sse-stream.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_SSE_COMMENT_MS: '200', EDGE_RETRY_AFTER_MS: '1234' } })
})

afterAll(() => edge[Symbol.asyncDispose]())

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

test.each(askPaths)('%s - a question - becomes a turn of its user without a conversation', async (path) => {
  const body = JSON.stringify({ message: 'Grüße 🌍\u2028', user_id: 99, extra: {} })
  const asking = ask(edge, {
    path,
    body,
    assertion: { userId: 3 },
    headers: { 'idempotency-key': `on ${path}` },
  })
  const attempt = await edge.worker.takeTurn()
  expect(attempt.turn).toMatchObject({
    session_id: makeTurnId({ userId: 3, conversationId: null, clientMsgId: `on ${path}` }),
    conversation_id: null,
    identity: { user_id: 3, sid: 'login-1' },
    source: 'sse',
    client_msg_id: `on ${path}`,
    text: 'Grüße 🌍\u2028',
    replaces: null,
  })
  attempt.send('started')
  using stream = await asking
  expect(stream.status).toBe(200)
  expect(stream.response.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'x-session-id': attempt.turn.session_id,
  })
  attempt.finish()
  expect((await stream.rest()).map(({ event }) => event)).toEqual(['accepted', 'started', 'done'])
  expect(stream.others).toEqual(['retry: 1234'])
})

test('stream - every frame - is an event with its name, its cursor and its bytes as the worker wrote them', async () => {
  const asking = say(edge, 'hello')
  const attempt = await edge.worker.takeTurn()
  const { session_id } = attempt.turn
  const sent = [
    attempt.send('started'),
    attempt.say('Grüße, '),
    attempt.say('世界 🌍 \u0000\u2028\r\n\n \ud800 "quoted" \\ end'),
    attempt.send('tool_call', { mcp: 'files', tool: 'read', call_id: 'c1', input: { deep: [[[]]] } }),
    attempt.finish(),
  ]
  using stream = await asking
  const [accepted, ...events] = await stream.rest()
  expect(accepted).toMatchObject({ event: 'accepted', id: `${session_id}:0:0` })
  expect(events.map(({ data }) => data)).toEqual(sent.map(text))
  expect(events.map(({ event, id }) => [event, id])).toEqual([
    ['started', `${session_id}:1:1`],
    ['token', `${session_id}:1:2`],
    ['token', `${session_id}:1:3`],
    ['tool_call', `${session_id}:1:4`],
    ['done', `${session_id}:1:5`],
  ])
})

test('stream - as a client of the older system reads it - has text, result and error', async () => {
  const asking = say(edge, 'hello')
  const attempt = await edge.worker.takeTurn()
  attempt.send('started')
  for (const piece of ['Hel', 'lo ', 'you']) attempt.say(piece)
  attempt.finish()
  using stream = await asking
  const events = await stream.rest()
  const read = (name: string) =>
    events.filter(({ event }) => event === name).map(({ data }: SentEvent) => JSON.parse(data) as object)
  expect(read('token').map((data) => 'text' in data && data.text)).toEqual(['Hel', 'lo ', 'you'])
  expect(read('done')).toMatchObject([{ result: { answer: 'Hello you', tokens_input: 1 } }])
})

test('stream - an error after the checks - is an event and the last one', async () => {
  const asking = say(edge, 'hello')
  const attempt = await edge.worker.takeTurn()
  attempt.send('started')
  attempt.send('error', { error: 'The model is overloaded.', code: 'model_overloaded' })
  using stream = await asking
  expect(stream.status).toBe(200)
  const events = await stream.rest()
  expect(events.map(({ event }) => event)).toEqual(['accepted', 'started', 'error'])
  expect(JSON.parse(events[2]?.data ?? '')).toMatchObject({ error: 'The model is overloaded.' })
})

test('stream - a new attempt - says so, and its frames follow', async () => {
  const asking = say(edge, 'hello')
  const first = await edge.worker.takeTurn()
  first.send('started')
  first.say('lost')
  const second = first.retry()
  second.send('restart')
  second.send('started')
  second.say('found')
  second.finish()
  using stream = await asking
  expect((await stream.rest()).map(({ event, id }) => [event, id?.split(':')[1]])).toEqual([
    ['accepted', '0'],
    ['started', '1'],
    ['token', '1'],
    ['restart', '2'],
    ['started', '2'],
    ['token', '2'],
    ['done', '2'],
  ])
})

test('stream - while nothing comes, also before the first token - has comments', async () => {
  const asking = say(edge, 'hello')
  const attempt = await edge.worker.takeTurn()
  attempt.send('started')
  using stream = await asking
  await stream.until('started')
  expect(await stream.nextBlock()).toMatch(/^:/)
  attempt.say('a word')
  await stream.until('token')
  expect(await stream.nextBlock()).toMatch(/^:/)
  attempt.finish()
  await stream.until('done')
})

test('connection - kept alive - carries one answer after another', async () => {
  using agent = new KeptAgent()
  for (const message of ['one', 'two', 'three']) {
    const asking = say(edge, message, { agent })
    const attempt = await edge.worker.takeTurn()
    attempt.say(message)
    attempt.finish()
    const stream = await asking
    const done: { result: { answer: string } } = JSON.parse((await stream.rest()).at(-1)?.data ?? '')
    expect(done.result.answer).toBe(message)
    const refused = await ask(edge, { body: '{}', agent })
    expect(refused.status).toBe(422)
    await refused.text()
  }
  expect(agent.opened).toBe(1)
})

class KeptAgent extends Agent implements Disposable {
  opened = 0

  constructor() {
    super({ keepAlive: true, maxSockets: 1 })
  }

  override createConnection(...args: Parameters<Agent['createConnection']>) {
    this.opened += 1
    return super.createConnection(...args)
  }

  [Symbol.dispose](): void {
    this.destroy()
  }
}

test("flow - the turn's first event - is recorded without a conversation", async () => {
  const asking = say(edge, '12345', { key: 'recorded', userId: 4 })
  const attempt = await edge.worker.takeTurn()
  attempt.send('started')
  attempt.finish()
  using stream = await asking
  await stream.rest()
  const { session_id } = attempt.turn
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const url = edge.nats.urlFor('console')
  await using bus = await openBus({ url, user: 'console', name: 'test', connectDeadlineMs: 5000, log })
  const manager = await bus.openManager()
  const findEvent = () =>
    manager.streams.getMessage('FLOW_EVENTS', { last_by_subj: subjects.flowAccepted(session_id) })
  await expect.poll(findEvent).not.toBeNull()
  expect(flowMessageSchema.parse((await findEvent())?.json())).toMatchObject({
    session_id,
    user_id: 4,
    conversation_id: null,
    source: 'sse',
    event: { event_type: 'accepted', attempt: 0, ordinal: 0, data: { client_msg_id: 'recorded' } },
  })
})
