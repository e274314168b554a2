import { once } from 'node:events'
import { connect } from 'node:net'
import { generateKeyPair, type CryptoKey } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { AssertionOptions } from './auth-double.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge
let foreignKey: CryptoKey

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_MAX_CONNECTIONS: '4' } })
  foreignKey = (await generateKeyPair('EdDSA')).privateKey
})

afterAll(() => edge[Symbol.asyncDispose]())

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: { error: string; code: string }
}

/** Tries to connect and returns the HTTP answer. */
async function refused(headers: Record<string, string | string[]>, url = edge.url): Promise<Answer> {
  const socket = new WebSocket(url, { headers })
  socket.on('error', () => {})
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  socket.once('open', () => reject(new Error('was accepted')))
  socket.once('unexpected-response', (_request, response) => {
    let text = ''
    response.on('data', (chunk) => (text += chunk))
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(text) }),
    )
  })
  return promise.finally(() => socket.terminate())
}

const identity = async (options: AssertionOptions = {}) => ({
  'x-omni2-identity': await edge.auth.sign(options),
})

test.each<[string, string, () => AssertionOptions]>([
  ['signed by another key', 'identity_invalid', () => ({ key: foreignKey })],
  ['expired', 'identity_expired', () => ({ age: 70 })],
  ['of the future', 'identity_invalid', () => ({ age: -30 })],
  ['that lives too long', 'identity_invalid', () => ({ lifetime: 3600 })],
  ['for another method', 'identity_for_another_request', () => ({ method: 'POST' })],
  ['for another path', 'identity_for_another_request', () => ({ path: '/ask/stream' })],
  ['of another issuer', 'identity_invalid', () => ({ issuer: 'other' })],
  ['for another audience', 'identity_invalid', () => ({ audience: 'other' })],
  ['without a login', 'identity_invalid', () => ({ sid: '' })],
  ['of no possible user', 'identity_invalid', () => ({ userId: 9_999_999_999 })],
])('an assertion %s - 401 %s', async (_what, code, options) => {
  const answer = await refused(await identity(options()))
  expect([answer.status, answer.body.code]).toEqual([401, code])
  expect(answer.body.error).toEqual(expect.any(String))
  expect(answer.headers['content-type']).toBe('application/json')
})

test.each([
  ['no assertion', {}, 'identity_missing'],
  ['a bare user id', { 'x-user-id': '1' }, 'identity_missing'],
  ['no JWS', { 'x-omni2-identity': 'admin' }, 'identity_invalid'],
  [
    'an unsigned token',
    { 'x-omni2-identity': `${btoa('{"alg":"none"}')}.${btoa('{"sub":"1"}')}.`.replaceAll('=', '') },
    'identity_invalid',
  ],
])('%s - 401', async (_what, headers, code) => {
  const answer = await refused(headers)
  expect([answer.status, answer.body.code]).toEqual([401, code])
})

test("an X-User-Id that is not the assertion's - 401, and its own is fine", async () => {
  const answer = await refused({ ...(await identity({ userId: 1 })), 'x-user-id': '2' })
  expect([answer.status, answer.body.code]).toEqual([401, 'identity_mismatch'])
  using chat = await edge.connect({ headers: { 'x-user-id': '1' } })
  await chat.next('welcome')
})

test.each<[string, Record<string, string | string[]>]>([
  ['x-user-id twice', { 'x-user-id': ['1', '1'] }],
  ['x-omni2-identity twice', { 'X-Omni2-Identity': ['a', 'b'] }],
  ['x_user_id', { x_user_id: '1' }],
  ['X-User_Id', { 'X-User_Id': '1' }],
  ['x.user.role', { 'x.user.role': 'admin' }],
  ['x_omni2_identity', { x_omni2_identity: 'a' }],
])('%s - 400', async (_what, headers) => {
  const answer = await refused({ ...(await identity()), ...headers })
  expect([answer.status, answer.body.code]).toEqual([400, 'identity_headers'])
})

test.each(['https://evil.example', 'null', 'http://127.0.0.1', 'http://localhost:1'])(
  'a page of %s - 403',
  async (origin) => {
    const answer = await refused({ ...(await identity()), origin })
    expect([answer.status, answer.body.code]).toEqual([403, 'foreign_origin'])
  },
)

test('a page of the same host - accepted', async () => {
  using chat = await edge.connect({ headers: { origin: new URL(edge.url.replace('ws', 'http')).origin } })
  expect(await chat.next('welcome')).toMatchObject({ edge: 'edge-under-test' })
})

test('another path - 404, for every client', async () => {
  const answer = await refused(await identity(), edge.url.replace('/ws/chat', '/ws/other'))
  expect([answer.status, answer.body.code]).toEqual([404, 'not_found'])
})

test('plain HTTP - 426 on the path, 404 elsewhere', async () => {
  const http = edge.url.replace('ws:', 'http:')
  expect((await fetch(http)).status).toBe(426)
  const elsewhere = await fetch(http.replace('/ws/chat', '/'))
  expect([elsewhere.status, await elsewhere.json()]).toMatchObject([404, { code: 'not_found' }])
})

test('something that is no WebSocket handshake - 400', async () => {
  const { hostname, port } = new URL(edge.url)
  const socket = connect(Number(port), hostname)
  const lines = ['GET /ws/chat HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket']
  const { 'x-omni2-identity': assertion } = await identity()
  socket.write(
    `${[...lines, `x-omni2-identity: ${assertion}`, 'Sec-WebSocket-Version: 13'].join('\r\n')}\r\n\r\n`,
  )
  const [answer] = await once(socket, 'data')
  expect(String(answer)).toMatch(/^HTTP\/1\.1 400 .*"code":"bad_handshake"/s)
  socket.destroy()
})

test('more connections than the edge takes - 503 until one has gone', async () => {
  const chats = await Promise.all([edge.connect(), edge.connect(), edge.connect(), edge.connect()])
  const answer = await refused(await identity())
  expect([answer.status, answer.body.code, answer.headers['retry-after']]).toEqual([503, 'full', '1'])
  for (const chat of chats) chat[Symbol.dispose]()
  await expect
    .poll(async () => {
      const chat = await edge.connect().catch(() => undefined)
      chat?.[Symbol.dispose]()
      return chat !== undefined
    })
    .toBe(true)
})

test('keys that cannot be had - not ready, 503, and accepted once they are there', async () => {
  await using other = await startEdge({ ready: false })
  other.auth.goAway(true)
  await using late = await startEdge({ ready: false, env: { AUTH_JWKS_URL: other.auth.jwksUrl } })
  const headers = { 'x-omni2-identity': await other.auth.sign() }
  const answer = await refused(headers, late.url)
  expect([answer.status, answer.body.code]).toEqual([503, 'unavailable'])
  const ready = await fetch(`${late.healthUrl}/readyz`)
  expect([ready.status, await ready.json()]).toMatchObject([503, { missing: { keys: expect.any(String) } }])
  other.auth.goAway(false)
  await late.worker.start()
  await expect.poll(late.isReady, { timeout: 10_000 }).toBe(true)
})

test('origins that are added - beside the own one', async () => {
  await using listed = await startEdge({ env: { OMNI2_ORIGINS: 'https://chat.example.org' } })
  for (const origin of ['https://chat.example.org', new URL(listed.url.replace('ws', 'http')).origin]) {
    using chat = await listed.connect({ headers: { origin } })
    await chat.next('welcome')
  }
  const headers = { 'x-omni2-identity': await listed.auth.sign() }
  const answer = await refused({ ...headers, origin: 'https://evil.example' }, listed.url)
  expect([answer.status, answer.body.code]).toEqual([403, 'foreign_origin'])
})

test('origins that are named as the only ones - only those', async () => {
  await using listed = await startEdge({ env: { ALLOWED_ORIGINS: 'https://chat.example.org' } })
  const headers = { 'x-omni2-identity': await listed.auth.sign() }
  const own = new URL(listed.url.replace('ws', 'http')).origin
  expect((await refused({ ...headers, origin: own }, listed.url)).status).toBe(403)
  using chat = await listed.connect({ headers: { origin: 'https://chat.example.org' } })
  await chat.next('welcome')
})
