import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeConversationId, type CancelReply } from '@omni2/contracts'
import { ask, resume, say, type SseStream } from './sse-stream.ts'
import { result, type Attempt } from './scripted-worker.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({
    env: { EDGE_ASK_AGAIN_MS: '50', EDGE_SSE_HOLD_MS: '300', EDGE_OWNER_TIMEOUT_MS: '1500' },
  })
})

afterAll(() => edge[Symbol.asyncDispose]())

/** A running turn whose client has `started` and the first piece. */
async function startTurn(options: { userId?: number; key?: string } = {}) {
  const asking = say(edge, 'say it', options)
  const attempt = await edge.worker.takeTurn()
  attempt.send('started')
  attempt.say('so ')
  const stream = await asking
  const events = await stream.until('token')
  const lastEventId = events.at(-1)?.id ?? ''
  return { stream, attempt, lastEventId, turnId: attempt.turn.session_id }
}

const names = (events: { event: string }[]): string[] => events.map(({ event }) => event)
const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

test('resume - with frames missing - gives one snapshot, then the frames that come', async () => {
  const { stream, attempt, lastEventId, turnId } = await startTurn()
  stream.leave()
  attempt.say('far ')
  using _owned = unsubscribing(await attempt.own())
  using resumed = await resume(edge, turnId, { lastEventId })
  expect(resumed.status).toBe(200)
  expect(resumed.turnId).toBe(turnId)
  const snapshot = await resumed.nextEvent()
  expect(snapshot).toMatchObject({ event: 'snapshot', id: `${turnId}:1:3` })
  expect(JSON.parse(snapshot?.data ?? '')).toMatchObject({ text: 'so far ' })
  const sent = [attempt.say('so good'), attempt.finish()]
  expect((await resumed.rest()).map(({ data }) => data)).toEqual(sent.map(decode))
})

test('resume - with nothing missing - sends only the frames that come', async () => {
  const { stream, attempt, lastEventId, turnId } = await startTurn()
  stream.leave()
  using _owned = unsubscribing(await attempt.own())
  using resumed = await resume(edge, turnId, { lastEventId })
  expect(resumed.status).toBe(200)
  attempt.say('on')
  attempt.finish()
  expect(names(await resumed.rest())).toEqual(['token', 'done'])
})

test('resume - from nothing, while the first stream still runs - both get the rest', async () => {
  const { stream, attempt, turnId } = await startTurn()
  using _stream = stream
  using _owned = unsubscribing(await attempt.own())
  using resumed = await resume(edge, turnId)
  expect(await resumed.next('snapshot')).toMatchObject({ text: 'so ' })
  attempt.say('it ends')
  attempt.finish()
  expect(names(await stream.rest())).toEqual(['token', 'done'])
  expect(names(await resumed.rest())).toEqual(['token', 'done'])
})

test('resume - of a turn that has ended - gives its end, after a snapshot where more than that is missing', async () => {
  const { stream, attempt, lastEventId, turnId } = await startTurn()
  stream.leave()
  const done = decode(attempt.finish())
  edge.worker.result = () => ({ state: 'ended', frame: done })
  using resumed = await resume(edge, turnId, { lastEventId })
  expect(await resumed.rest()).toEqual([{ event: 'done', id: `${turnId}:1:3`, data: done }])
  using again = await resume(edge, turnId, { lastEventId: `${turnId}:1:1` })
  expect(await again.next('snapshot')).toMatchObject({ attempt: 1, seq: 2, text: 'so ' })
  expect(names(await again.rest())).toEqual(['done'])
  using fromNothing = await resume(edge, turnId)
  expect(names(await fromNothing.rest())).toEqual(['snapshot', 'done'])
  const failed = decode(attempt.send('error', { error: 'No.', code: 'internal' }))
  edge.worker.result = () => ({ state: 'ended', frame: failed })
  using refused = await resume(edge, turnId, { lastEventId: `${turnId}:1:3` })
  expect(refused.status).toBe(200)
  expect(names(await refused.rest())).toEqual(['error'])
})

test('resume - with the end already there - is 204, so that an EventSource stops', async () => {
  const { stream, attempt, turnId } = await startTurn()
  const done = decode(attempt.finish())
  const lastEventId = (await stream.rest()).at(-1)?.id ?? ''
  edge.worker.result = () => ({ state: 'ended', frame: done })
  using resumed = await resume(edge, turnId, { lastEventId })
  expect(resumed.status).toBe(204)
  expect(resumed.turnId).toBe(turnId)
})

test('resume - of a queued turn - waits for its first frame', async () => {
  const queued = await say(edge, 'later')
  const { turnId } = queued
  queued.leave()
  edge.worker.result = () => ({ state: 'queued' })
  using resumed = await resume(edge, turnId, { lastEventId: `${turnId}:0:0` })
  expect(await resumed.nextEvent()).toMatchObject({ event: 'waiting', id: undefined })
  const attempt = await edge.worker.takeTurn()
  expect(attempt.turn.session_id).toBe(turnId)
  attempt.send('started')
  attempt.finish()
  expect(names(await resumed.rest())).toEqual(['started', 'done'])
})

test.each([
  ['GET', (id: string) => `/ask/stream/${id}`],
  ['GET', (id: string) => `/api/v1/chat/ask/stream/${id}`],
  ['DELETE', (id: string) => `/ask/${id}`],
])("%s - of another user's turn - looks like one of an unknown turn", async (method, path) => {
  const { stream, attempt, turnId } = await startTurn({ userId: 1 })
  using _stream = stream
  using _owned = unsubscribing(await attempt.own())
  edge.worker.result = () => ({ state: 'unknown' })
  edge.worker.cancel = () => ({ state: 'unknown' })
  const answers: unknown[] = []
  for (const id of [turnId, makeConversationId()]) {
    using refused = await ask(edge, { method, path: path(id), assertion: { userId: 2 } })
    const { date: _date, 'x-session-id': _id, ...headers } = refused.response.headers
    answers.push({ status: refused.status, headers, body: await refused.text() })
  }
  expect(answers[0]).toEqual(answers[1])
  expect(answers[0]).toMatchObject({ status: 404, body: expect.stringContaining('"not_found"') })
  attempt.finish()
  await stream.until('done')
})

test.each([
  ['of another turn', () => `${makeConversationId()}:1:1`],
  ['that is no cursor', (id: string) => `${id}:1`],
  ['with signs', (id: string) => `${id}:-1:1`],
  ['of injected fields', (id: string) => `${id}:1:1, ${id}:1:2`],
])('Last-Event-ID - %s - is 422', async (_what, makeId) => {
  const turnId = makeConversationId()
  using refused = await resume(edge, turnId, { lastEventId: makeId(turnId) })
  expect(refused.status).toBe(422)
  expect(await refused.refusal()).toMatchObject({ code: 'invalid_frame' })
})

test('Last-Event-ID - of an event that was never sent - is 422', async () => {
  const { stream, attempt, turnId } = await startTurn()
  using _stream = stream
  using _owned = unsubscribing(await attempt.own())
  using refused = await resume(edge, turnId, { lastEventId: `${turnId}:1:999` })
  expect(refused.status).toBe(422)
})

test.each([
  ['requested', 202],
  ['ended', 200],
] as [CancelReply['state'], number][])(
  'DELETE - answered %s - is %i, also when repeated',
  async (state, status) => {
    const { stream, attempt, turnId } = await startTurn({ userId: 7 })
    using _stream = stream
    edge.worker.cancel = () => ({ state })
    for (let times = 0; times < 2; times += 1) {
      using answer = await ask(edge, {
        method: 'DELETE',
        path: `/ask/${turnId}`,
        assertion: { userId: 7 },
      })
      expect(answer.status).toBe(status)
      expect(JSON.parse(await answer.text())).toEqual({ session_id: turnId, status: state })
    }
    expect(edge.worker.cancelled.at(-1)).toEqual({
      session_id: turnId,
      user_id: 7,
      by: 'user',
      accepted: true,
    })
    attempt.send('cancelled', { result: result('so ') })
    expect(names(await stream.rest())).toEqual(['cancelled'])
  },
)

test('DELETE - by another user - never says that the turn was accepted here', async () => {
  const { stream, turnId } = await startTurn({ userId: 1 })
  using _stream = stream
  edge.worker.cancel = () => ({ state: 'unknown' })
  using answer = await ask(edge, { method: 'DELETE', path: `/ask/${turnId}`, assertion: { userId: 2 } })
  expect(answer.status).toBe(404)
  expect(edge.worker.cancelled.at(-1)).toMatchObject({ user_id: 2, accepted: false })
})

test('key - sent twice while the turn runs - is one turn, and both are answered', async () => {
  const first = say(edge, 'once', { key: 'same' })
  const attempt = await edge.worker.takeTurn()
  attempt.send('started')
  attempt.say('only ')
  using stream = await first
  const owned = await attempt.own()
  using second = await say(edge, 'once', { key: 'same' })
  expect([stream.turnId, second.turnId]).toEqual([attempt.turn.session_id, attempt.turn.session_id])
  expect(await streamUntilSnapshot(second)).toMatchObject({ text: 'only ' })
  attempt.say('once')
  const done = decode(attempt.finish())
  for (const each of [stream, second]) expect((await each.rest()).at(-1)?.data).toBe(done)
  owned.unsubscribe()
  edge.worker.result = () => ({ state: 'ended', frame: done })
  using third = await say(edge, 'once', { key: 'same' })
  expect(names(await third.rest())).toEqual(['accepted', 'snapshot', 'done'])
  const next = say(edge, 'next')
  const following = await edge.worker.takeTurn()
  expect(following.turn.text).toBe('next')
  following.finish()
  using _next = await next
})

async function streamUntilSnapshot(stream: SseStream): Promise<unknown> {
  const events = await stream.until('snapshot')
  expect(names(events)).toEqual(['accepted', 'snapshot'])
  return JSON.parse(events.at(-1)?.data ?? '')
}

test('key - of a turn that was refused, sent again - is refused again', async () => {
  const first = say(edge, 'no', { key: 'refused', userId: 8 })
  const attempt: Attempt = await edge.worker.takeTurn()
  const frame = decode(attempt.send('error', { error: 'No.', code: 'rate_limited', retry_after_ms: 5000 }))
  using refused = await first
  edge.worker.result = () => ({ state: 'ended', frame })
  using again = await say(edge, 'no', { key: 'refused', userId: 8 })
  expect([refused.status, again.status]).toEqual([429, 429])
  expect(again.header('retry-after')).toBe('5')
})

test('key - of a turn that its second attempt refuses - is refused', async () => {
  const first = say(edge, 'no', { key: 'refused-later', userId: 9 })
  const attempt: Attempt = await edge.worker.takeTurn()
  attempt.retry().send('error', { error: 'No.', code: 'rate_limited', retry_after_ms: 5000 })
  using refused = await first
  expect(refused.status).toBe(429)
})

test('key - the same of two users - is two turns', async () => {
  const asking = [say(edge, 'mine', { key: 'k', userId: 1 }), say(edge, 'mine', { key: 'k', userId: 2 })]
  const attempts = [await edge.worker.takeTurn(), await edge.worker.takeTurn()]
  for (const attempt of attempts) attempt.finish()
  const ids = await Promise.all(
    asking.map(async (stream) => {
      using read = await stream
      await read.rest()
      return read.turnId
    }),
  )
  expect(new Set(ids).size).toBe(2)
})

const unsubscribing = (subscription: { unsubscribe(): void }): Disposable => ({
  [Symbol.dispose]: () => subscription.unsubscribe(),
})
