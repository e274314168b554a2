import { request } from 'node:http'
import { expect, test } from 'vitest'
import { findFreePort } from '@omni2/testkit'
import { openTestGateway } from './open-test-gateway.ts'
import { openUpstream } from './open-upstream.ts'
import { requestUpgrade } from './request-upgrade.ts'

test('request - a path below /auth - goes to auth with its body, without asking for proof', async () => {
  await using auth = await openUpstream({
    respond: (asked, response) => {
      response.writeHead(201, { 'set-cookie': ['a=1', 'b=2'], 'content-type': 'text/plain' })
      asked.pipe(response)
    },
  })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [auth.url] })
  const response = await fetch(`${gateway.url}/auth/login?x=1`, { method: 'POST', body: 'hello' })
  expect(response.status).toBe(201)
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(await response.text()).toBe('hello')
  expect(auth.seen).toMatchObject([{ url: '/auth/login?x=1', method: 'POST' }])
})

test('request - a path that no service has - is a 404 in JSON that says so', async () => {
  await using auth = await openUpstream()
  await using gateway = await openTestGateway({ auth: auth.url, edges: [auth.url] })
  const ask = async (path: string) => {
    const response = await fetch(`${gateway.url}${path}`, { method: 'POST', body: 'unread' })
    return { status: response.status, ...((await response.json()) as object) }
  }
  expect(await ask('/elsewhere/turns')).toMatchObject({
    status: 404,
    code: 'not_served',
    error: 'nothing is served at /elsewhere/turns',
    served: expect.arrayContaining(['/ws/chat (WebSocket)', '/ask/stream (POST)']),
  })
  expect(await ask('/validate')).toMatchObject({ status: 404, error: 'nothing is served at /validate' })
  const upgrade = await requestUpgrade(`${gateway.url}/elsewhere`)
  expect(upgrade.status).toBe(404)
  expect(JSON.parse(upgrade.body)).toMatchObject({ code: 'not_served' })
  expect(auth.seen).toEqual([])
})

test.each(['x_user_id', 'X-User.Role', 'x_omni2_identity'])(
  'request - header %s - is refused',
  async (name) => {
    await using auth = await openUpstream()
    await using gateway = await openTestGateway({ auth: auth.url, edges: [auth.url] })
    const headers = { [name]: '1' }
    const plain = await fetch(`${gateway.url}/auth/login`, { headers })
    expect(plain.status).toBe(400)
    expect(await plain.json()).toMatchObject({ code: 'bad_header' })
    expect((await requestUpgrade(`${gateway.url}/ws/chat`, headers)).status).toBe(400)
    expect(auth.seen).toEqual([])
  },
)

test('request - headers that a client declares to be for one hop - do not take others with them', async () => {
  await using auth = await openUpstream()
  await using gateway = await openTestGateway({ auth: auth.url, edges: [auth.url] })
  const headers = { connection: 'close, x-forwarded-for, x-secret', 'x-secret': '1', 'x-kept': '2' }
  await new Promise((resolve, reject) => {
    request(`${gateway.url}/auth/me`, { headers }, (response) => response.resume().once('end', resolve))
      .once('error', reject)
      .end()
  })
  expect(auth.seen[0]?.headers).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-kept': '2' })
  expect(auth.seen[0]?.headers).not.toHaveProperty('x-secret')
})

test('request - no service answers for a route - is a 503 in JSON', async () => {
  const gone = `http://127.0.0.1:${await findFreePort()}`
  await using gateway = await openTestGateway({ auth: gone, edges: [gone] })
  const plain = await fetch(`${gateway.url}/auth/login`)
  expect(plain.status).toBe(503)
  expect(await plain.json()).toMatchObject({ code: 'upstream_unavailable' })
  const upgrade = await requestUpgrade(`${gateway.url}/ws/chat`)
  expect(upgrade.status).toBe(503)
})

test('upgrade - to something else than WebSocket - is answered in HTTP, as an edge answers it', async () => {
  await using auth = await openUpstream()
  await using gateway = await openTestGateway({ auth: auth.url, edges: [auth.url] })
  const answer = await requestUpgrade(`${gateway.url}/ws/chat`, { upgrade: 'h2c' })
  expect(answer).toMatchObject({ status: 200, body: 'ok' })
  expect(auth.seen.map(({ url }) => url)).toEqual(['/validate', '/ws/chat'])
  expect(auth.seen[1]?.headers).not.toHaveProperty('upgrade')
})

test('request - of a page of another origin - may read what the gateway says itself, if it is allowed', async () => {
  await using auth = await openUpstream()
  const gone = `http://127.0.0.1:${await findFreePort()}`
  const page = 'https://app.example.org'
  await using gateway = await openTestGateway({ auth: gone, edges: [auth.url], env: { OMNI2_ORIGINS: page } })
  const ask = (path: string, origin: string) => fetch(`${gateway.url}${path}`, { headers: { origin } })
  for (const [path, status] of [
    ['/auth/me', 503],
    ['/ask/stream', 503],
    ['/elsewhere', 404],
  ] as const) {
    const answer = await ask(path, page)
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([status, page])
    const foreign = await ask(path, 'https://evil.example')
    expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([status, null])
  }
})

test('request - a preflight - goes on to the edge without an identity once auth lets it pass', async () => {
  await using auth = await openUpstream({ respond: (_asked, response) => response.end() })
  await using edge = await openUpstream({ respond: (_asked, response) => response.writeHead(204).end() })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  const headers = { origin: 'https://app.example.org', 'access-control-request-method': 'POST' }
  const answer = await fetch(`${gateway.url}/ask/stream`, { method: 'OPTIONS', headers })
  expect(answer.status).toBe(204)
  expect(auth.seen[0]?.headers).toMatchObject({
    origin: headers.origin,
    'x-forwarded-method': 'OPTIONS',
    'x-forwarded-uri': '/ask/stream',
  })
  expect(edge.seen).toMatchObject([{ method: 'OPTIONS', url: '/ask/stream', headers }])
  expect(edge.seen[0]?.headers).not.toHaveProperty('x-omni2-identity')
})
