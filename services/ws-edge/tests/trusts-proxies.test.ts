import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { Chat } from './chat.ts'
import { startEdge, type TestEdge } from './start-edge.ts'
import { watchMetrics } from './watch-metrics.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({
    env: { WS_EDGE_TRUST: 'header', TRUSTED_PROXIES: '127.0.0.0/8', AUTH_JWKS_URL: '' },
  })
})

afterAll(() => edge[Symbol.asyncDispose]())

async function connect(headers: Record<string, string>, { url } = edge): Promise<Chat> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false })
  const chat = new Chat(socket)
  await once(socket, 'open')
  return chat
}

test('a handshake refused by closing - is counted once, and so is its close', async () => {
  const watch = await watchMetrics(edge, new Set())
  using chat = await connect({})
  expect((await chat.closed).code).toBe(1008)
  await watch.whenMoved({
    'handshakes_total{result="user_header_missing"}': 1,
    'closes_total{code="1008"}': 1,
  })
})

test('a proxy of the deployment names the user', async () => {
  using chat = await connect({ 'x-user-id': '7', 'x-user-username': 'zoe', 'x-user-role': 'editor' })
  await chat.next('welcome')
  expect(edge.worker.opened.at(-1)?.identity).toMatchObject({ user_id: 7, username: 'zoe', role: 'editor' })
  chat.say('hello')
  expect((await edge.worker.takeTurn()).turn.identity.user_id).toBe(7)
})

test.each<[string, Record<string, string>]>([
  ['Missing X-User-Id header', {}],
  ['Missing X-User-Id header', { 'x-user-id': '' }],
  ['Invalid X-User-Id header', { 'x-user-id': 'seven' }],
  ['Invalid X-User-Id header', { 'x-user-id': '-7' }],
  ['Invalid X-User-Id header', { 'x-user-id': '7.0' }],
  ['Invalid X-User-Id header', { 'x-user-id': '07' }],
  ['Invalid X-User-Id header', { 'x-user-id': '9999999999' }],
])('%s - 1008 after the accept, for %j', async (reason, headers) => {
  const asked = edge.worker.opened.length
  using chat = await connect(headers)
  expect(await chat.closed).toEqual({ code: 1008, reason })
  expect([edge.worker.opened.length, chat.left]).toEqual([asked, []])
})

test('a header that is said twice, or under another name - 400', async () => {
  for (const headers of [{ 'X-User-Id': '7', x_user_id: '8' }])
    await expect(connect(headers)).rejects.toThrow('400')
})

test('any other peer that names a user - 403', async () => {
  await using own = await startEdge({ env: { WS_EDGE_TRUST: 'header', TRUSTED_PROXIES: '10.0.0.0/8' } })
  const refused = fetch(own.url.replace('ws:', 'http:'), {
    headers: { 'x-user-id': '7', connection: 'Upgrade', upgrade: 'websocket' },
  })
  await refused.catch(() => null)
  await expect(connect({ 'x-user-id': '7' }, own)).rejects.toThrow('403')
})

test('with the signed identity a bare header is no proof', async () => {
  await using own = await startEdge()
  await expect(connect({ 'x-user-id': '7' }, own)).rejects.toThrow('401')
})
