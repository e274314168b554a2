import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { edgeMetrics } from '../src/metrics.ts'
import { makeResumeToken } from '../src/resume/resume-token.ts'
import type { Chat } from './chat.ts'
import { comeBack, leaveTurn, resume } from './leave-turn.ts'
import { limitTurns } from './limit-turns.ts'
import { logOut } from './log-out.ts'
import type { Attempt } from './scripted-worker.ts'
import { ask, resume as resumeStream, say, type SseStream } from './sse-stream.ts'
import { resumeSecret, startEdge, type TestEdge } from './start-edge.ts'
import { streamUntilDropped } from './stream-until-dropped.ts'
import { watchMetrics, type MetricsWatch } from './watch-metrics.ts'

const moved = new Set<string>()
let edge: TestEdge
let watch: MetricsWatch

beforeAll(async () => {
  edge = await startEdge({
    env: {
      EDGE_MAX_CONNECTIONS: '50',
      EDGE_CONNECTIONS_PER_USER: '2',
      EDGE_FRAMES_PER_SECOND: '1',
      EDGE_FRAMES_BURST: '10',
      EDGE_FRAMES_REFUSED: '1',
      EDGE_RESUMES_PER_CONNECTION: '1',
      EDGE_ASK_AGAIN_MS: '50',
      EDGE_OUTBOX_MAX_BYTES: '200000',
      EDGE_OUTBOX_STALL_MS: '60000',
      EDGE_CLOSE_DEADLINE_MS: '8000',
      EDGE_DRAIN_DEADLINE_MS: '15000',
    },
  })
})

beforeEach(async () => {
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
  edge.worker.result = () => ({ state: 'unknown' })
  // What the test before has left ends before this one counts.
  const last = await watchMetrics(edge, moved)
  await last.whenMoved({ 'connections{kind="ws"}': 0, turns: 0, waiting_messages: 0, send_buffer_bytes: 0 })
  watch = await watchMetrics(edge, moved)
})

afterAll(() => edge[Symbol.asyncDispose]())

async function connect(userId = 1): Promise<Chat> {
  const chat = await edge.connect({ assertion: { userId } })
  await chat.next('welcome')
  return chat
}

test('an edge that was not asked for anything yet - has places and nothing else', async () => {
  expect(await watch.valueOf('connection_places')).toBe(50)
  await watch.whenMoved({
    handshakes_total: 0,
    closes_total: 0,
    frames_sent_total: 0,
    resumes_total: 0,
  })
})

test('a turn on a socket - its frames, bytes, acceptance and time, and what is held while it runs', async () => {
  using chat = await edge.connect({ assertion: { userId: 1 } })
  const sizes: number[] = []
  chat.socket.on('message', (data: Buffer) => sizes.push(data.length))
  await chat.next('welcome')
  chat.say('one', { client_msg_id: 'one' })
  const attempt = await edge.worker.takeTurn()
  attempt.say('…')
  await chat.until('token')
  chat.say('two', { client_msg_id: 'two' })
  await watch.whenMoved({
    'handshakes_total{result="open"}': 1,
    'connections{kind="ws"}': 1,
    turns: 1,
    waiting_messages: 1,
  })
  edge.worker.cancel = () => ({ state: 'unknown' })
  chat.send({ type: 'cancel', client_msg_id: 'two' })
  await chat.next('cancelled')
  edge.worker.cancel = () => ({ state: 'requested' })
  attempt.finish()
  await chat.next('done')
  chat.say('one', { client_msg_id: 'one' })
  await chat.next('accepted')
  chat.socket.close(1000)
  await chat.closed
  await watch.whenMoved({
    'frames_received_total{type="message"}': 3,
    'frames_received_total{type="cancel"}': 1,
    'acceptances_total{result="accepted"}': 1,
    'acceptances_total{result="duplicate"}': 1,
    accept_seconds_count: 2,
    frames_sent_total: sizes.length,
    sent_bytes_total: sizes.reduce((total, size) => total + size, 0),
    'closes_total{code="1000"}': 1,
    turns: 0,
    waiting_messages: 0,
    'connections{kind="ws"}': 0,
  })
  expect(await watch.valueOf('accept_seconds_sum')).toBeGreaterThan(0)
})

test('handshakes - by result, with the code of those that were closed', async () => {
  await expect(edge.connect({ assertion: { audience: 'else' } })).rejects.toThrow('401')
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' }
  using keyless = await ask(edge, { method: 'GET', path: '/ws/chat', headers })
  expect(keyless.status).toBe(400)
  expect((await fetch(edge.url.replace('ws:', 'http:'))).status).toBe(426)
  edge.worker.open = () => ({ allowed: false, code: 'blocked', message: '' })
  using blocked = await edge.connect()
  await blocked.closed
  edge.worker.open = () => ({ allowed: false, code: 'not_found', message: '' })
  using foreign = await edge.connect()
  await foreign.closed
  edge.worker.open = () => ({ allowed: true, welcome: '', limits: [] })
  using first = await connect()
  using second = await connect()
  using third = await edge.connect({ assertion: { userId: 1 } })
  await third.closed
  await watch.whenMoved({
    'handshakes_total{result="identity_invalid"}': 1,
    'handshakes_total{result="bad_handshake"}': 1,
    'handshakes_total{result="upgrade_required"}': 1,
    'handshakes_total{result="blocked"}': 1,
    'handshakes_total{result="not_yours"}': 1,
    'handshakes_total{result="too_many_connections"}': 1,
    'handshakes_total{result="open"}': 2,
    'closes_total{code="1008"}': 1,
    'closes_total{code="4403"}': 1,
    'closes_total{code="4429"}': 1,
    'connections{kind="ws"}': 2,
  })
  for (const chat of [first, second]) chat.socket.terminate()
  await watch.whenMoved({
    'closes_total{code="1008"}': 1,
    'closes_total{code="4403"}': 1,
    'closes_total{code="4429"}': 1,
    'closes_total{code="other"}': 2,
  })
})

test('a user who is expelled later - a close and no second handshake', async () => {
  using chat = await connect()
  await logOut(edge, 1)
  expect((await chat.closed).code).toBe(4401)
  await watch.whenMoved({ 'handshakes_total{result="open"}': 1, 'closes_total{code="4401"}': 1 })
})

test('frames - what cannot be read, and what comes too fast', async () => {
  using chat = await connect()
  chat.send('no json')
  chat.socket.send(Buffer.from('binary'))
  for (let frame = 0; frame < 10; frame += 1) chat.send({ type: 'ping' })
  expect((await chat.closed).code).toBe(4429)
  await watch.whenMoved({
    'frames_received_total{type="invalid"}': 2,
    'frames_received_total{type="ping"}': 8,
    'frames_received_total{type="too_many"}': 2,
    'closes_total{code="4429"}': 1,
  })
})

test('resumes - each by its one answer', async () => {
  const { attempt, token, conversationId } = await leaveTurn(edge)
  const owned = await attempt.own()
  const { session_id } = attempt.turn
  using chat = await comeBack(edge)
  resume(chat, 'x', { session_id })
  await chat.next('unrecoverable')
  const old = { conversation_id: conversationId, user_id: 1, expires_at: 1 }
  resume(chat, makeResumeToken(old, { secret: resumeSecret }), { session_id })
  await chat.next('unrecoverable')
  resume(chat, token, { session_id, attempt: 1, seq: 9 })
  await chat.next('unrecoverable')
  resume(chat, token, { session_id, attempt: 1, seq: 1 })
  await chat.next('snapshot')
  resume(chat, token, { session_id })
  expect(await chat.next('error')).toMatchObject({ code: 'queue_full' })
  const frame = Buffer.from(attempt.finish()).toString()
  await chat.next('done')
  owned.unsubscribe()
  edge.worker.result = () => ({ state: 'ended', frame })
  resume(chat, token, { session_id, attempt: 1, seq: 2 })
  await chat.next('finished')
  edge.worker.result = () => ({ state: 'running', attempt: 1 })
  const asked = edge.worker.asked
  resume(chat, token, { session_id, attempt: 1, seq: 2 })
  await expect.poll(() => edge.worker.asked).toBeGreaterThan(asked)
  chat[Symbol.dispose]()
  await watch.whenMoved({
    'frames_received_total{type="message"}': 1,
    'frames_received_total{type="resume"}': 7,
    'resumes_total{result="bad_token"}': 1,
    'resumes_total{result="expired_token"}': 1,
    'resumes_total{result="future_cursor"}': 1,
    'resumes_total{result="snapshot"}': 1,
    'resumes_total{result="full"}': 1,
    'resumes_total{result="finished"}': 1,
    'resumes_total{result="left"}': 1,
  })
})

test('a message that the full queue refuses - refused, and no time of it', async () => {
  using chat = await connect()
  await limitTurns(edge, 1)
  chat.say('no room')
  expect(await chat.next('error')).toMatchObject({ code: 'unavailable' })
  await limitTurns(edge, 1_000_000)
  await watch.whenMoved({ 'acceptances_total{result="refused"}': 1, accept_seconds_count: 0 })
})

async function startStream(userId = 1): Promise<{ stream: SseStream; attempt: Attempt }> {
  const asking = say(edge, 'over http', { userId })
  const attempt = await edge.worker.takeTurn()
  attempt.send('started')
  return { stream: await asking, attempt }
}

test('the SSE bridge - each request once, by how it was answered', async () => {
  const whole = await startStream()
  await watch.whenMoved({ 'connections{kind="sse"}': 1, turns: 1 })
  const frame = Buffer.from(whole.attempt.finish()).toString()
  await whole.stream.rest()
  edge.worker.result = () => ({ state: 'ended', frame })
  const { session_id } = whole.attempt.turn
  const ended = await resumeStream(edge, session_id, { lastEventId: `${session_id}:1:2` })
  expect(ended.status).toBe(204)
  const left = await startStream()
  left.stream.leave()
  const expelled = await startStream()
  await logOut(edge, 1)
  await expelled.stream.rest()
  using unproven = await ask(edge, { assertion: { audience: 'else' } })
  expect(unproven.status).toBe(401)
  using wrong = await ask(edge, { method: 'DELETE' })
  expect(wrong.status).toBe(405)
  await limitTurns(edge, 1)
  using full = await say(edge, 'no room')
  expect(full.status).toBe(503)
  await limitTurns(edge, 1_000_000)
  const cancelled = await ask(edge, { method: 'DELETE', path: `/ask/${session_id}` })
  expect(cancelled.status).toBe(202)
  await watch.whenMoved({
    'sse_answers_total{result="complete"}': 3,
    'sse_answers_total{result="client_left"}': 1,
    'sse_answers_total{result="sent_away"}': 1,
    'sse_answers_total{result="refused_4xx"}': 2,
    'sse_answers_total{result="refused_5xx"}': 1,
    'connections{kind="sse"}': 0,
  })
})

test('readers that are too slow - by their kind, and the bytes that wait for them until they have read', async () => {
  using chat = await connect(1)
  chat.say('much')
  const spoken = await edge.worker.takeTurn()
  await chat.next('accepted')
  chat.socket.pause()
  await streamUntilDropped(edge, spoken)
  expect(await watch.valueOf('send_buffer_bytes')).toBeGreaterThan(0)
  chat.socket.resume()
  await chat.until('goodbye')
  const { stream, attempt } = await startStream(2)
  await streamUntilDropped(edge, attempt)
  await stream.rest()
  await watch.whenMoved({
    'slow_readers_total{kind="ws"}': 1,
    'slow_readers_total{kind="sse"}': 1,
    'closes_total{code="1013"}': 1,
    'sse_answers_total{result="sent_away"}': 1,
    send_buffer_bytes: 0,
  })
})

test('every metric of the edge - has moved', () => {
  const declared = Object.values(edgeMetrics).map(({ name }) => name)
  const own = declared.filter((name) => name.startsWith('omni2_edge_'))
  expect([...moved].toSorted()).toEqual(own.map((name) => name.replace('omni2_edge_', '')).toSorted())
})

test('a drain - the connections that it closes', async () => {
  using idle = await connect(1)
  using busy = await connect(2)
  busy.say('a turn')
  const attempt = await edge.worker.takeTurn()
  await busy.next('accepted')
  edge.service.kill('SIGTERM')
  expect((await idle.closed).code).toBe(1012)
  await watch.whenMoved({
    'handshakes_total{result="open"}': 2,
    'closes_total{code="1012"}': 1,
    'connections{kind="ws"}': 1,
  })
  attempt.finish()
  await busy.closed
  await edge.service.exited
})
