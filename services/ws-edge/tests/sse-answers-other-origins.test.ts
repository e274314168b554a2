import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, say, type AskOptions } from './sse-stream.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

const page = 'https://app.example.org'
let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({ env: { OMNI2_ORIGINS: page } })
})

afterAll(() => edge[Symbol.asyncDispose]())

const preflight = async (path: string, origin: string) => {
  const headers = { 'x-omni2-identity': '', origin, 'access-control-request-method': 'POST' }
  return (await ask(edge, { method: 'OPTIONS', path, headers })).response
}

test.each(['/ask/stream', '/api/v1/chat/ask/stream', '/ask/0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11', '/else'])(
  'preflight - of %s - is answered for an allowed page, without proof',
  async (path) => {
    const { statusCode, headers } = await preflight(path, page)
    expect(statusCode).toBe(204)
    expect(headers).toMatchObject({
      'access-control-allow-origin': page,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
      vary: 'Origin',
    })
    expect(headers['access-control-allow-headers']).toContain('last-event-id')
  },
)

test('preflight - of a foreign page - is 403 with the reason', async () => {
  const headers = { origin: 'https://evil.example', 'access-control-request-method': 'POST' }
  const stream = await ask(edge, { method: 'OPTIONS', headers })
  expect(stream.response.statusCode).toBe(403)
  expect(stream.response.headers['access-control-allow-origin']).toBeUndefined()
  expect(JSON.parse(await text(stream.response))).toMatchObject({ code: 'foreign_origin' })
})

test('stream - for an allowed page - may be read with its turn’s id', async () => {
  const asking = say(edge, 'hello', { headers: { origin: page } })
  const attempt = await edge.worker.takeTurn()
  attempt.send('started')
  using stream = await asking
  const { response } = stream
  expect(response.statusCode).toBe(200)
  expect(response.headers).toMatchObject({
    'access-control-allow-origin': page,
    'access-control-allow-credentials': 'true',
    vary: 'Origin',
  })
  expect(response.headers['access-control-expose-headers']).toContain('x-session-id')
})

test.each<[number, AskOptions]>([
  [401, { headers: { 'x-omni2-identity': '' } }],
  [404, { path: '/ask/elsewhere' }],
  [405, { method: 'PUT' }],
  [413, { body: 'x'.repeat(70_000) }],
  [422, { body: '{}' }],
])('refusal - %i - may be read by an allowed page', async (status, { headers = {}, ...options }) => {
  const { response } = await ask(edge, { ...options, headers: { ...headers, origin: page } })
  expect(response.statusCode).toBe(status)
  expect(response.headers).toMatchObject({ 'access-control-allow-origin': page, vary: 'Origin' })
})

test('turn - that its checks refuse - is 429 that an allowed page may read', async () => {
  const asking = say(edge, 'hello', { headers: { origin: page } })
  const attempt = await edge.worker.takeTurn()
  attempt.send('error', { error: 'No.', code: 'cost_limit', limit: 1, used: 1 })
  const { response } = await asking
  expect(response.statusCode).toBe(429)
  expect(response.headers['access-control-allow-origin']).toBe(page)
})
