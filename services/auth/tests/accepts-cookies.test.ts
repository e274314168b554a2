import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, logIn, postJson, postLogin, readRefusal, startAuth } from './start-auth.ts'

const origin = 'https://chat.example.org'
const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'chat.example.org' }
let auth: Awaited<ReturnType<typeof startAuth>>
let token: string

beforeAll(async () => {
  auth = await startAuth({ AUTH_ALLOWED_ORIGINS: `${origin}, http://localhost:8080` })
  await addUser(auth.database, { tokenExpiry: 120 })
  token = (await logIn(auth.url, 'alice')).access_token
})

afterAll(() => auth[Symbol.asyncDispose]())

const ask = (headers: Record<string, string>, { method = 'GET', path = '/ws/chat' } = {}) =>
  fetch(`${auth.url}/validate`, {
    headers: {
      cookie: `__Host-omni2_access=${token}`,
      ...https,
      'x-forwarded-method': method,
      'x-forwarded-uri': path,
      ...headers,
    },
  })
const cookieOf = (response: Response) => response.headers.getSetCookie()[0]

test('a login over https sets a cookie for this host, which /validate takes from its own page', async () => {
  const response = await postLogin(auth.url, 'alice', 'correct horse', https)
  const cookie = cookieOf(response) ?? ''
  expect(cookie).toMatch(
    /^__Host-omni2_access=[\w.-]+; Path=\/; Max-Age=120; HttpOnly; SameSite=Lax; Secure$/,
  )
  const validated = await ask({ cookie: cookie.split(';')[0] ?? '', origin })
  expect([validated.status, validated.headers.get('x-user-username')]).toEqual([200, 'alice'])
})

test('over http on loopback it has a plain name, elsewhere there is none', async () => {
  const local = await postLogin(auth.url, 'alice', 'correct horse')
  expect(cookieOf(local)).toMatch(/^omni2_access=[\w.-]+; Path=\/; Max-Age=120; HttpOnly; SameSite=Lax$/)
  const remote = { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'chat.example.org' }
  expect(cookieOf(await postLogin(auth.url, 'alice', 'correct horse', remote))).toBeUndefined()
  const plain = { cookie: `omni2_access=${token}` }
  const asLocal = { ...plain, 'x-forwarded-proto': 'http', 'x-forwarded-host': 'localhost:8080' }
  expect((await ask({ ...asLocal, origin: 'http://localhost:8080' })).status).toBe(200)
  expect(await readRefusal(ask({ ...plain, origin }))).toEqual([401, 'token_missing'])
})

test('a refresh renews the cookie, a refused login sets none', async () => {
  const { refresh_token } = await logIn(auth.url, 'alice')
  const refreshed = await postJson(`${auth.url}/auth/refresh`, { refresh_token }, https)
  expect(cookieOf(refreshed)).toMatch(/^__Host-omni2_access=ey/)
  expect(cookieOf(await postLogin(auth.url, 'alice', 'wrong', https))).toBeUndefined()
})

test.each([
  [{ origin: 'https://evil.example.org' }, {}, 'foreign_origin'],
  [{ origin: 'http://chat.example.org' }, {}, 'foreign_origin'],
  [{ origin: `${origin}:8443` }, {}, 'foreign_origin'],
  [{ origin: 'null' }, {}, 'foreign_origin'],
  [{ origin: 'https://evil.example.org' }, { path: '/ask/stream/x' }, 'foreign_origin'],
  [{}, {}, 'origin_missing'],
  [{ 'sec-fetch-site': 'same-origin' }, {}, 'origin_missing'],
  [{ 'sec-fetch-site': 'same-origin' }, { method: 'POST', path: '/ask/stream' }, 'origin_missing'],
  [{}, { path: '/ask/stream/x' }, 'origin_missing'],
  [{ 'sec-fetch-site': 'cross-site' }, { path: '/ask/stream/x' }, 'origin_missing'],
])('the cookie with %j for %j is refused', async (headers, request, code) => {
  expect(await readRefusal(ask(headers, request))).toEqual([403, code])
})

test('an EventSource of the same origin, which sends no Origin, resumes with the cookie', async () => {
  expect((await ask({ 'sec-fetch-site': 'same-origin' }, { path: '/ask/stream/x' })).status).toBe(200)
})

test('an Authorization header wins over the cookie, good or bad, from any origin', async () => {
  const foreign = { origin: 'https://evil.example.org' }
  expect((await ask({ ...foreign, authorization: `Bearer ${token}`, cookie: 'x=y' })).status).toBe(200)
  expect(await readRefusal(ask({ origin, authorization: 'Bearer bad' }))).toEqual([401, 'token_malformed'])
  expect(await readRefusal(ask({ origin, authorization: 'Basic eDp5' }))).toEqual([401, 'token_missing'])
})

test('two cookies of the name are refused, and an expired or foreign one as any other token', async () => {
  const twice = `__Host-omni2_access=${token}; __Host-omni2_access=${token}`
  expect(await readRefusal(ask({ origin, cookie: twice }))).toEqual([401, 'token_malformed'])
  const forged = `__Host-omni2_access=${token}x`
  expect((await ask({ origin, cookie: forged })).status).toBe(401)
})

test('the cookie takes tickets and logs out from its own page only', async () => {
  const own = (await logIn(auth.url, 'alice')).access_token
  const headers = { ...https, cookie: `__Host-omni2_access=${own}` }
  const post = (path: string, from: Record<string, string>) =>
    fetch(auth.url + path, { method: 'POST', headers: { ...headers, ...from } })
  for (const path of ['/auth/ticket', '/auth/logout']) {
    expect(await readRefusal(post(path, { origin: 'https://evil.example.org' }))).toEqual([
      403,
      'foreign_origin',
    ])
    expect(await readRefusal(post(path, {}))).toEqual([403, 'origin_missing'])
  }
  expect((await post('/auth/ticket', { origin })).status).toBe(200)
  const loggedOut = await post('/auth/logout', { origin })
  expect(loggedOut.status).toBe(204)
  expect(cookieOf(loggedOut)).toBe('__Host-omni2_access=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure')
  expect(await readRefusal(ask({ origin, cookie: headers.cookie }))).toEqual([401, 'login_revoked'])
})
