import { expect, test } from 'vitest'
import { openBus } from '@omni2/bus'
import { subjects } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { takesConnections } from './connect-early.ts'
import { resume, say, type SseStream } from './sse-stream.ts'
import { result, type Attempt } from './scripted-worker.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

/** More than the kernel's buffers of both ends can take. */
const pieces = 24_000
const piece = '0123456789abcdef'.repeat(64)

async function startTurn(edge: TestEdge, userId = 1): Promise<{ stream: SseStream; attempt: Attempt }> {
  const asking = say(edge, 'say much', { userId })
  const attempt = await edge.worker.takeTurn()
  attempt.send('started')
  const stream = await asking
  await stream.until('started')
  return { stream, attempt }
}

/** Frames from one worker arrive in order: once another reader has the last one, the edge has handled all before. */
async function streamPast(attempt: Attempt, other: { stream: SseStream; attempt: Attempt }): Promise<string> {
  for (let sent = 0; sent < pieces; sent += 1) attempt.say(piece)
  const done = attempt.send('done', { result: result('more than fits into one message') })
  other.attempt.finish()
  await other.stream.until('done')
  return Buffer.from(done).toString()
}

test('client - that leaves - cancels nothing, and another edge continues the turn', async () => {
  await using edge = await startEdge()
  const second = { ...(await edge.startSibling()), auth: edge.auth }
  const { stream, attempt } = await startTurn(edge)
  attempt.say('heard ')
  const [token] = await stream.until('token')
  stream.leave()
  await edge.service.log.waitFor(/client left before its turn ended/)
  expect(edge.worker.cancelled).toEqual([])
  attempt.say('unheard ')
  await attempt.own()
  const { session_id } = attempt.turn
  using resumed = await resume(second, session_id, { lastEventId: token?.id ?? '' })
  expect(await resumed.next('snapshot')).toMatchObject({ text: 'heard unheard ' })
  attempt.finish()
  expect((await resumed.rest()).map(({ event }) => event)).toEqual(['done'])
})

test('reader - that stops for a while - gets everything, merged', async () => {
  await using edge = await startEdge({
    env: { EDGE_OUTBOX_MAX_BYTES: '100000000', EDGE_OUTBOX_STALL_MS: '60000' },
  })
  const slow = await startTurn(edge, 1)
  const other = await startTurn(edge, 2)
  await streamPast(slow.attempt, other)
  slow.stream.viewer.leaveOut(slow.attempt.turn.session_id)
  const events = await slow.stream.rest()
  const tokens = events.slice(0, -1).map(({ data }) => JSON.parse(data) as Record<string, unknown>)
  let last = 1
  for (const token of tokens) {
    expect(token).toMatchObject({ type: 'token', attempt: 1, from: last + 1 })
    last = Number(token['seq'])
  }
  expect(last).toBe(pieces + 1)
  expect(tokens.map(({ text }) => text).join('') === piece.repeat(pieces)).toBe(true)
  expect(tokens.length).toBeLessThan(pieces)
  expect(events.at(-1)).toMatchObject({
    event: 'done',
    id: `${slow.attempt.turn.session_id}:1:${pieces + 2}`,
  })
})

test('reader - with too much waiting - is asked to come back and resumes from its last event', async () => {
  await using edge = await startEdge({
    env: { EDGE_OUTBOX_MAX_BYTES: '200000', EDGE_CLOSE_DEADLINE_MS: '20000', EDGE_DRAIN_DEADLINE_MS: '100' },
  })
  const slow = await startTurn(edge, 1)
  const other = await startTurn(edge, 2)
  const frame = await streamPast(slow.attempt, other)
  const events = await slow.stream.rest()
  const goodbye: unknown = JSON.parse(events.at(-1)?.data ?? '')
  expect(goodbye).toMatchObject({ type: 'goodbye', code: 1013, resume: true })
  const seqs = events.slice(0, -1).map(({ id }) => Number(id?.split(':')[2]))
  expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  edge.worker.result = () => ({ state: 'ended', frame })
  const lastEventId = events.at(-2)?.id ?? ''
  using resumed = await resume(edge, slow.attempt.turn.session_id, { lastEventId })
  await resumed.until('snapshot')
  expect((await resumed.rest()).map(({ data }) => data)).toEqual([frame])
})

test('reader - that never reads again - is cut off and disturbs no other client', async () => {
  await using edge = await startEdge({
    // Given up once the kernel has taken nothing for so long: what is left then can never be written.
    env: { EDGE_OUTBOX_MAX_BYTES: '100000000', EDGE_CLOSE_DEADLINE_MS: '300', EDGE_OUTBOX_STALL_MS: '1500' },
  })
  const slow = await startTurn(edge, 1)
  slow.stream.response.socket.pause()
  const other = await startTurn(edge, 2)
  await streamPast(slow.attempt, other)
  await edge.service.log.waitFor(/"user_id":1.*"clean":false.*"response closed"/)
  const next = await startTurn(edge, 2)
  next.attempt.finish()
  expect((await next.stream.rest()).map(({ event }) => event)).toEqual(['done'])
})

test('user - who may no longer chat - gets the reason, and the stream ends', async () => {
  await using edge = await startEdge({ env: { EDGE_SSE_HOLD_MS: '60000' } })
  const { stream, attempt } = await startTurn(edge, 1)
  const other = await startTurn(edge, 2)
  const held = say(edge, 'never begun', { userId: 1 })
  await edge.worker.takeTurn()
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const url = edge.nats.urlFor('auth')
  await using auth = await openBus({ url, user: 'auth', name: 'test', connectDeadlineMs: 5000, log })
  const control = { user_id: 1, change: 'logged_out', sid: null }
  auth.publish(subjects.controlOfUser(1), JSON.stringify(control))
  expect(await stream.next('error')).toMatchObject({ code: 'login_revoked' })
  expect(await stream.nextEvent()).toBeUndefined()
  using refused = await held
  expect(refused.status).toBe(401)
  attempt.finish()
  other.attempt.finish()
  expect((await other.stream.rest()).map(({ event }) => event)).toEqual(['done'])
})

test('drain - lets streams end, takes no new ones, and is over with the last', async () => {
  await using edge = await startEdge({ env: { EDGE_DRAIN_DEADLINE_MS: '15000' } })
  const { stream, attempt } = await startTurn(edge)
  edge.service.kill('SIGTERM')
  await expect.poll(() => takesConnections(edge)).toBe(false)
  attempt.say('to the end')
  attempt.finish()
  expect((await stream.rest()).map(({ event }) => event)).toEqual(['token', 'done'])
  expect(await edge.service.exited).toEqual({ code: 0, signal: null })
})

test('drain - a stream that runs on - is asked at the deadline to come back elsewhere', async () => {
  await using edge = await startEdge({ env: { EDGE_DRAIN_DEADLINE_MS: '300' } })
  const { stream, attempt } = await startTurn(edge)
  attempt.say('and on ')
  await stream.until('token')
  edge.service.kill('SIGTERM')
  const goodbye = await stream.next('goodbye')
  expect(goodbye).toMatchObject({ code: 1012, resume: true, retry_after_ms: expect.any(Number) })
  expect(await stream.nextEvent()).toBeUndefined()
  expect(stream.others.at(-1)).toBe(`retry: ${String(goodbye['retry_after_ms'])}`)
  expect(edge.worker.cancelled).toEqual([])
  expect(await edge.service.exited).toEqual({ code: 0, signal: null })
})

test('drain - a request whose head is still held - is refused with 503', async () => {
  await using edge = await startEdge({
    env: { EDGE_DRAIN_DEADLINE_MS: '300', EDGE_SSE_HOLD_MS: '60000' },
  })
  const asking = say(edge, 'hello')
  await edge.worker.takeTurn()
  edge.service.kill('SIGTERM')
  using refused = await asking
  expect(refused.status).toBe(503)
  expect(await refused.refusal()).toMatchObject({ code: 'unavailable', retry_after_ms: expect.any(Number) })
})
