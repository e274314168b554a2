import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { wireBounds } from '@omni2/contracts'
import { result } from './scripted-worker.ts'
import { ask, say } from './sse-stream.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_SSE_HOLD_MS: '60000', EDGE_TEXT_LENGTH: '100' } })
})

afterAll(() => edge[Symbol.asyncDispose]())

const inAnHour = () => new Date(Date.now() + 3600_000).toISOString()

test.each([
  ['rate_limited', 429, { limit_kind: 'requests_per_minute', limit: 3, used: 3, retry_after_ms: 1001 }, '2'],
  ['concurrency_limited', 429, { limit: 1, used: 1 }, '1'],
  ['cost_limit', 429, { limit: 0.5, used: 0.6, remaining: 0 }, '1'],
  ['account_inactive', 403, {}, undefined],
  ['login_revoked', 401, {}, undefined],
  ['login_expired', 401, {}, undefined],
  ['context_too_long', 413, {}, undefined],
  ['model_unavailable', 503, { retry_after_ms: 4000 }, '4'],
  ['interrupted', 500, {}, undefined],
])('turn - %s before it has started - is HTTP %i', async (code, status, fields, retryAfter) => {
  // Its own user: the edge keeps refusing a user over the rate.
  const asking = say(edge, 'hello', { userId: code === 'rate_limited' ? 7 : 1 })
  const attempt = await edge.worker.takeTurn()
  attempt.send('error', { error: `No: ${code}.`, code, ...fields })
  const { status: given, ...response } = await readRefusal(asking)
  expect(given).toBe(status)
  const { session_id } = attempt.turn
  expect(response.body).toEqual({ error: `No: ${code}.`, code, session_id, ...fields })
  expect(response.headers['x-session-id']).toBe(session_id)
  expect(response.headers['content-type']).toBe('application/json')
  expect(response.headers['retry-after']).toBe(retryAfter)
  expect(response.headers['x-ratelimit-limit']).toBe('limit' in fields ? String(fields.limit) : undefined)
  expect(response.headers['x-ratelimit-remaining']).toBe('limit' in fields ? '0' : undefined)
})

test('turn - a limit that is reset at a time - says in how many seconds that is', async () => {
  const asking = say(edge, 'hello')
  const attempt = await edge.worker.takeTurn()
  attempt.send('error', { error: 'No.', code: 'token_limit', reset_at: inAnHour() })
  const { headers } = await readRefusal(asking)
  expect(Number(headers['retry-after'])).toBeGreaterThan(3500)
  expect(Number(headers['retry-after'])).toBeLessThanOrEqual(3600)
})

test('turn - of a blocked user - is 403 with the message', async () => {
  const asking = say(edge, 'hello')
  const attempt = await edge.worker.takeTurn()
  attempt.send('blocked', { message: 'Until Monday', code: 'blocked' })
  const { status, body } = await readRefusal(asking)
  expect(status).toBe(403)
  expect(body).toMatchObject({ error: 'Until Monday', code: 'blocked' })
})

test('turn - interrupted after something was said - is an answer, not a refusal', async () => {
  const asking = say(edge, 'hello')
  const attempt = await edge.worker.takeTurn()
  const code = 'interrupted'
  attempt.send('error', { error: 'The turn was interrupted.', code, result: result('so far') })
  using stream = await asking
  expect(stream.status).toBe(200)
  expect((await stream.rest()).map(({ event }) => event)).toEqual(['accepted', 'snapshot', 'error'])
})

test('turn - a refusal of the second attempt, sent after its restart - is still a status', async () => {
  const asking = say(edge, 'hello')
  const attempt = (await edge.worker.takeTurn()).retry()
  attempt.send('restart')
  attempt.send('error', { error: 'Account inactive', code: 'account_inactive' })
  expect((await readRefusal(asking)).status).toBe(403)
})

test('turn - no word from a worker for long - streams, and a late refusal is an event', async () => {
  await using quick = await startEdge({ env: { EDGE_SSE_HOLD_MS: '50' } })
  using stream = await say(quick, 'hello')
  expect(stream.status).toBe(200)
  await stream.next('accepted')
  const attempt = await quick.worker.takeTurn()
  attempt.send('error', { error: 'Account inactive', code: 'account_inactive' })
  expect(await stream.next('error')).toMatchObject({ code: 'account_inactive' })
  expect(await stream.nextEvent()).toBeUndefined()
})

test.each([
  ['no JSON', '{"message":', 422, 'invalid_json'],
  ['nothing', '', 422, 'invalid_json'],
  ['invalid UTF-8', Buffer.from('{"message":"\xff"}', 'latin1'), 422, 'invalid_json'],
  ['an array', '["message"]', 422, 'invalid_frame'],
  ['null', 'null', 422, 'invalid_frame'],
  ['no message', '{"text":"hello"}', 422, 'invalid_text'],
  ['a number', '{"message":1}', 422, 'invalid_text'],
  ['a blank message', '{"message":" \\n"}', 422, 'invalid_text'],
  ['NUL', '{"message":"a\\u0000b"}', 422, 'invalid_text'],
  ['a prototype', '{"__proto__":{"message":"x"}}', 422, 'invalid_text'],
  ['deep JSON', `{"message":${'['.repeat(30_000)}`, 422, 'invalid_json'],
  ['a text over the limit', JSON.stringify({ message: 'x'.repeat(101) }), 413, 'text_too_long'],
  ['a body over the limit', JSON.stringify({ message: 'x'.repeat(70_000) }), 413, 'body_too_large'],
])('body - %s - is refused', async (_what, body, status, code) => {
  const { body: refusal, ...response } = await readRefusal(ask(edge, { body }))
  expect(response.status).toBe(status)
  expect(refusal.code).toBe(code)
})

test('body - endless, without a length - is refused while it comes, and the connection serves on', async () => {
  const assertion = await edge.auth.sign({ method: 'POST', path: '/ask/stream' })
  const socket = connect(Number(new URL(edge.url).port), '127.0.0.1')
  socket.write(
    `POST /ask/stream HTTP/1.1\r\nHost: edge\r\nX-Omni2-Identity: ${assertion}\r\n` +
      'Transfer-Encoding: chunked\r\n\r\n',
  )
  const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
  for (let sent = 0; sent <= wireBounds.framePayloadBytes; sent += 0x4000) socket.write(chunk)
  const answers = readAnswers(socket)
  expect((await answers.next()).value).toContain('HTTP/1.1 413')
  socket.write(`${chunk}0\r\n\r\nGET /nothing HTTP/1.1\r\nHost: edge\r\n\r\n`)
  expect((await answers.next()).value).toContain('HTTP/1.1 404')
  socket.destroy()
})

async function* readAnswers(socket: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const bytes of socket) yield bytes.toString()
}

test.each([
  ['empty', ['']],
  ['too long', ['k'.repeat(129)]],
  ['twice', ['one', 'two']],
  ['not ASCII', ['kéy']],
  ['a tab', ['a\tb']],
])('Idempotency-Key - %s - is refused', async (_what, key) => {
  const { status, body } = await readRefusal(
    ask(edge, { body: '{"message":"x"}', headers: { 'idempotency-key': key } }),
  )
  expect(status).toBe(422)
  expect(body).toMatchObject({ code: 'invalid_frame', error: expect.stringContaining('Idempotency-Key') })
})

test.each(['a\r\nX-User-Id: 2', 'a\nb', 'a\0b', 'a\rb'])(
  'Idempotency-Key - that tries to become another header, %j - never reaches a turn',
  async (key) => {
    const assertion = await edge.auth.sign({ method: 'POST', path: '/ask/stream' })
    const socket = connect(Number(new URL(edge.url).port), '127.0.0.1')
    const body = '{"message":"injected"}'
    socket.write(
      `POST /ask/stream HTTP/1.1\r\nHost: edge\r\nX-Omni2-Identity: ${assertion}\r\nConnection: close\r\n` +
        `Content-Length: ${body.length}\r\nIdempotency-Key: ${key}\r\n\r\n${body}`,
    )
    const answers = readAnswers(socket)
    // The first is two headers: one of them names a user that the proof does not.
    expect((await answers.next()).value).toMatch(/^HTTP\/1\.1 40[01] /)
  },
)

test.each([
  ['POST', { method: 'GET' }, 'identity_for_another_request'],
  ['POST', { path: '/ws/chat' }, 'identity_for_another_request'],
  ['POST', { audience: 'else' }, 'identity_invalid'],
  ['POST', { age: 120 }, 'identity_expired'],
] as const)('%s - with a proof of %o - is 401', async (method, assertion, code) => {
  const { status, body, headers } = await readRefusal(
    ask(edge, { method, body: '{"message":"x"}', assertion }),
  )
  expect(status).toBe(401)
  expect(body.code).toBe(code)
  expect(headers['www-authenticate']).toBe('Bearer')
})

test.each([
  ['an alias of an identity header', { x_user_id: '1' }, 400, 'identity_headers'],
  ['another user named beside the proof', { 'x-user-id': '2' }, 401, 'identity_mismatch'],
  ['no proof', { 'x-omni2-identity': '' }, 401, 'identity_missing'],
  ['a foreign origin', { origin: 'https://evil.example' }, 403, 'foreign_origin'],
])('request - with %s - is refused', async (_what, headers, status, code) => {
  const { body, ...response } = await readRefusal(ask(edge, { body: '{"message":"x"}', headers }))
  expect(response.status).toBe(status)
  expect(body.code).toBe(code)
})

const id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'

test.each([
  ['GET', '/ask/stream', 'POST'],
  ['PUT', '/api/v1/chat/ask/stream', 'POST'],
  ['OPTIONS', '/ask/stream', 'POST'],
  ['DELETE', `/ask/stream/${id}`, 'GET'],
  ['POST', `/api/v1/chat/ask/stream/${id}`, 'GET'],
  ['GET', `/ask/${id}`, 'DELETE'],
])('%s %s - is 405 and names %s', async (method, path, allow) => {
  const { status, headers } = await readRefusal(ask(edge, { method, path }))
  expect(status).toBe(405)
  expect(headers.allow).toBe(allow)
})

test('HEAD - is 405 without a body', async () => {
  using stream = await ask(edge, { method: 'HEAD' })
  expect(stream.status).toBe(405)
  expect(stream.header('allow')).toBe('POST')
  expect(await stream.text()).toBe('')
})

test.each([
  '/ask',
  '/ask/',
  '/ask/stream/',
  `/ask/stream/${id}/`,
  '/ask/stream/1',
  '/ask//stream',
  '/ask/%73tream',
])('%s - is nothing', async (path) => {
  const { status, body } = await readRefusal(ask(edge, { path, body: '{"message":"x"}' }))
  expect(status).toBe(404)
  expect(body.code).toBe('not_found')
})

test('a client that offers another protocol is answered in this one', async () => {
  const headers = { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': 'AAMAAABk' }
  const asking = say(edge, 'from Java', { headers })
  const attempt = await edge.worker.takeTurn()
  attempt.finish()
  using stream = await asking
  expect((await stream.rest()).map(({ event }) => event)).toEqual(['accepted', 'done'])
})

test('turn - that cannot be stored - is 503 and may be sent again', async () => {
  await using alone = await startEdge({ ready: false })
  const { status, body, headers } = await readRefusal(say(alone, 'hello', { key: 'k' }))
  expect(status).toBe(503)
  expect(body).toMatchObject({ code: 'accept_unknown', retry_after_ms: 1000 })
  expect(headers['retry-after']).toBe('1')
})

test('user - with too many streams - is 429, and others are not disturbed', async () => {
  await using narrow = await startEdge({ env: { EDGE_CONNECTIONS_PER_USER: '1', EDGE_SSE_HOLD_MS: '0' } })
  using first = await say(narrow, 'one', { userId: 5 })
  const { status, body } = await readRefusal(say(narrow, 'two', { userId: 5 }))
  expect(status).toBe(429)
  expect(body.code).toBe('too_many_streams')
  using other = await say(narrow, 'three', { userId: 6 })
  expect([first.status, other.status]).toEqual([200, 200])
})

async function readRefusal(asking: ReturnType<typeof ask>) {
  using stream = await asking
  const body = await stream.refusal()
  return { status: stream.status, body, headers: stream.response.headers }
}
