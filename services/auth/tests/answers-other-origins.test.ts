import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, logIn, postJson, postLogin, startAuth } from './start-auth.ts'

const page = 'https://app.example.org'
const own = 'https://chat.example.org'
const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'chat.example.org' }
let auth: Awaited<ReturnType<typeof startAuth>>

beforeAll(async () => {
  auth = await startAuth({ OMNI2_ORIGINS: page, AUTH_LOGIN_FAILURES_PER_ACCOUNT: '1' })
  await addUser(auth.database)
})

afterAll(() => auth[Symbol.asyncDispose]())

const preflight = (path: string, origin: string) =>
  fetch(auth.url + path, {
    method: 'OPTIONS',
    headers: { ...https, origin, 'access-control-request-method': 'POST' },
  })
/** Status, and who may read the answer, with credentials or not. */
const readAccess = ({ status, headers }: Response) => [
  status,
  headers.get('access-control-allow-origin'),
  headers.get('access-control-allow-credentials'),
  headers.get('vary'),
]

test.each(['/auth/login', '/auth/refresh', '/auth/ticket', '/auth/logout', '/auth/elsewhere'])(
  'a preflight of %s is answered for allowed pages, without proof',
  async (path) => {
    for (const origin of [page, own]) {
      const answer = await preflight(path, origin)
      expect(readAccess(answer)).toEqual([204, origin, 'true', 'Origin'])
      expect(answer.headers.get('access-control-allow-headers')).toContain('authorization')
    }
  },
)

test('a preflight of a foreign page is refused with the reason', async () => {
  const answer = await preflight('/auth/login', 'https://evil.example')
  expect(readAccess(answer)).toEqual([403, null, null, 'Origin'])
  expect(await answer.json()).toMatchObject({ code: 'foreign_origin' })
})

test('OPTIONS that is no preflight is not served', async () => {
  expect((await fetch(`${auth.url}/auth/login`, { method: 'OPTIONS' })).status).toBe(404)
})

test('an allowed page may read tokens and every refusal, a foreign one nothing', async () => {
  const allowed = { ...https, origin: page }
  expect(readAccess(await postLogin(auth.url, 'alice', 'correct horse', allowed))).toEqual([
    200,
    page,
    'true',
    'Origin',
  ])
  const post = (path: string, body?: string, type?: string) =>
    fetch(auth.url + path, {
      method: 'POST',
      headers: { ...allowed, ...(type === undefined ? {} : { 'content-type': type }) },
      body: body ?? null,
    })
  const json = 'application/json'
  const refusals = [
    [401, await postLogin(auth.url, 'stranger', 'wrong', allowed)],
    [429, await postLogin(auth.url, 'stranger', 'wrong', allowed)],
    [401, await post('/auth/ticket')],
    [422, await postJson(`${auth.url}/auth/login`, {}, allowed)],
    [422, await post('/auth/login', '{', json)],
    [413, await post('/auth/login', ' '.repeat(9000), json)],
    [415, await post('/auth/login', 'x', 'application/xml')],
    [404, await post('/auth/elsewhere')],
    [401, await fetch(`${auth.url}/validate`, { headers: allowed })],
  ] as const
  for (const [status, answer] of refusals) {
    expect(readAccess(answer)).toEqual([status, page, 'true', 'Origin'])
    expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after')
  }
  const foreign = { ...https, origin: 'https://evil.example' }
  expect(readAccess(await postLogin(auth.url, 'alice', 'correct horse', foreign))).toEqual([
    200,
    null,
    null,
    'Origin',
  ])
})

test('/validate lets a preflight of an allowed page pass without a user', async () => {
  const { access_token } = await logIn(auth.url, 'alice')
  const ask = (origin: Record<string, string>, method = 'OPTIONS') =>
    fetch(`${auth.url}/validate`, {
      headers: { ...https, ...origin, 'x-forwarded-method': method, 'x-forwarded-uri': '/ask/stream' },
    })
  const passed = await ask({ origin: page })
  expect([passed.status, passed.headers.get('x-omni2-identity')]).toEqual([200, null])
  expect((await ask({ origin: own })).status).toBe(200)
  const refused = await ask({ origin: 'https://evil.example' })
  expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'foreign_origin' }])
  expect((await ask({})).status).toBe(401)
  expect((await ask({ origin: page }, 'POST')).status).toBe(401)
  const proven = await ask({ authorization: `Bearer ${access_token}` })
  expect(proven.headers.get('x-omni2-identity')).not.toBeNull()
})

test('the cookie counts for the own site, by scheme and host, without any setting', async () => {
  const { access_token } = await logIn(auth.url, 'alice')
  const ask = (origin: string) =>
    fetch(`${auth.url}/validate`, {
      headers: {
        ...https,
        origin,
        cookie: `__Host-omni2_access=${access_token}`,
        'x-forwarded-method': 'GET',
        'x-forwarded-uri': '/ws/chat',
      },
    })
  expect((await ask(own)).status).toBe(200)
  for (const origin of ['http://chat.example.org', `${own}:8443`, 'https://evil.example'])
    expect((await ask(origin)).status).toBe(403)
})
