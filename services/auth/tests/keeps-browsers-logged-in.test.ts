import { meSchema, tokensSchema } from '@omni2/contracts'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, logIn, makeToken, postJson, readRefusal, startAuth } from './start-auth.ts'

const origin = 'https://chat.example.org'
const https = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'chat.example.org' }
let auth: Awaited<ReturnType<typeof startAuth>>
let userId: number

beforeAll(async () => {
  auth = await startAuth({ AUTH_REFRESH_TOKEN_SECONDS: '600', AUTH_CLOCK_TOLERANCE_SECONDS: '0' })
  userId = await addUser(auth.database, { tokenExpiry: 120 })
})

afterAll(() => auth[Symbol.asyncDispose]())

/** The cookies of one browser, which all its tabs share. */
function openBrowser() {
  const jar = new Map<string, string>()
  const keep = (response: Response) => {
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    }
  }
  const write = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  /** A request as a page sends it; the cookies of its answer are kept unless that is lost. */
  const send = async (
    method: string,
    path: string,
    { body, isLost = false, from = origin }: Sending = {},
  ) => {
    const page = method === 'GET' ? { 'sec-fetch-site': 'same-origin' } : { origin: from }
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(auth.url + path, {
      method,
      headers: { ...https, ...page, ...json, cookie: write() },
      body: body === undefined ? null : JSON.stringify(body),
    })
    if (!isLost) keep(response)
    return response
  }
  return {
    jar,
    send,
    logIn: () => send('POST', '/auth/login', { body: { username: 'alice', password: 'correct horse' } }),
    refresh: (sending: Sending = {}) => send('POST', '/auth/refresh', sending),
    me: () => send('GET', '/auth/me'),
  }
}

interface Sending {
  body?: unknown
  isLost?: boolean
  from?: string
}

const tokenOf = (browser: ReturnType<typeof openBrowser>) => browser.jar.get('__Host-omni2_refresh') ?? ''
const setTokenLife = (seconds: number) =>
  auth.database.query('update auth_service.roles set token_expiry = $1', [seconds])
/** As if that much time had passed since tokens were used. */
const age = (seconds: number) =>
  auth.database.query(
    `update auth_service.refresh_tokens set used_at = used_at - make_interval(secs => $1) where used_at is not null`,
    [seconds],
  )

test('a login sets both cookies, out of reach for scripts', async () => {
  const response = await openBrowser().logIn()
  expect(response.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^__Host-omni2_access=[\w.-]+; Path=\/; Max-Age=120; HttpOnly; SameSite=Lax; Secure$/,
    ),
    expect.stringMatching(
      /^__Host-omni2_refresh=omni2_rt_[\w-]+; Path=\/; Max-Age=600; HttpOnly; SameSite=Strict; Secure$/,
    ),
  ])
})

test('a tab that is loaded again when its access token is over is still logged in', async () => {
  const browser = openBrowser()
  await setTokenLife(1)
  await browser.logIn()
  await setTokenLife(120)
  await expect.poll(async () => (await browser.me()).status, { timeout: 10_000 }).toBe(401)
  const refreshed = await browser.refresh()
  expect(refreshed.status).toBe(200)
  const { access_token } = tokensSchema.parse(await refreshed.json())
  const login = decodeJwt(browser.jar.get('__Host-omni2_access') ?? '')
  expect([login['sid'], login.sub]).toEqual([decodeJwt(access_token)['sid'], String(userId)])
  expect((await browser.me()).status).toBe(200)
})

test('/auth/me says who it is and how long the token and the login last', async () => {
  const { access_token } = await logIn(auth.url, 'alice')
  const { sid, exp = 0 } = decodeJwt(access_token)
  const headers = { authorization: `Bearer ${access_token}` }
  const me = meSchema.parse(await (await fetch(`${auth.url}/auth/me`, { headers })).json())
  const [session] = await auth.database.query<{ expires_at: Date }>(
    'select expires_at from auth_service.sessions where sid = $1',
    [sid],
  )
  expect(me).toEqual({
    user_id: userId,
    username: 'alice',
    role: 'role of alice',
    token_expires_at: new Date(exp * 1000).toISOString(),
    session_expires_at: session?.expires_at.toISOString(),
  })
})

test('/auth/me of a token without a login of ours ends with the token', async () => {
  const headers = { authorization: `Bearer ${await makeToken(userId)}` }
  const me = meSchema.parse(await (await fetch(`${auth.url}/auth/me`, { headers })).json())
  expect(me.session_expires_at).toBe(me.token_expires_at)
})

test('/auth/me without a login is 401, and 403 for a foreign page with a cookie', async () => {
  expect(await readRefusal(fetch(`${auth.url}/auth/me`))).toEqual([401, 'token_missing'])
  const cookie = `__Host-omni2_access=${await makeToken(userId)}`
  const headers = { ...https, cookie, origin: 'https://evil.example' }
  expect(await readRefusal(fetch(`${auth.url}/auth/me`, { headers }))).toEqual([403, 'foreign_origin'])
})

test('tabs that refresh at once all stay logged in, and so does the browser', async () => {
  const browser = openBrowser()
  await browser.logIn()
  const answers = await Promise.all(Array.from({ length: 5 }, () => browser.refresh()))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  const tokens = await Promise.all(answers.map(async (answer) => tokensSchema.parse(await answer.json())))
  expect(new Set(tokens.map(({ refresh_token }) => refresh_token)).size).toBe(5)
  await age(60)
  expect((await browser.refresh()).status).toBe(200)
  await age(60)
  expect((await browser.refresh()).status).toBe(200)
})

test('a page whose answer was lost may ask again soon, but not later', async () => {
  const browser = openBrowser()
  await browser.logIn()
  expect((await browser.refresh({ isLost: true })).status).toBe(200)
  expect((await browser.refresh({ isLost: true })).status).toBe(200)
  await age(9)
  expect((await browser.refresh({ isLost: true })).status).toBe(200)
  await age(2)
  expect(await readRefusal(browser.refresh())).toEqual([401, 'refresh_token_reused'])
  expect(await readRefusal(browser.me())).toEqual([401, 'login_revoked'])
})

test('a stolen cookie that is repeated in time ends the login once owner and thief have both refreshed again', async () => {
  const [owner, thief] = [openBrowser(), openBrowser()]
  await owner.logIn()
  thief.jar.set('__Host-omni2_refresh', tokenOf(owner))
  expect([(await thief.refresh()).status, (await owner.refresh()).status]).toEqual([200, 200])
  await age(60)
  expect((await owner.refresh()).status).toBe(200)
  await age(60)
  expect(await readRefusal(thief.refresh())).toEqual([401, 'refresh_token_reused'])
  expect(await readRefusal(owner.refresh())).toEqual([401, 'login_revoked'])
})

test('a token in the body may not be repeated, whatever the cookie is', async () => {
  const browser = openBrowser()
  await browser.logIn()
  const body = { refresh_token: tokenOf(browser) }
  expect((await browser.refresh({ body })).status).toBe(200)
  expect(await readRefusal(browser.refresh({ body }))).toEqual([401, 'refresh_token_reused'])
})

test('the refresh cookie counts for its own page only, and for /auth/refresh and /auth/logout only', async () => {
  const browser = openBrowser()
  await browser.logIn()
  const cookie = `__Host-omni2_refresh=${tokenOf(browser)}`
  for (const path of ['/auth/refresh', '/auth/logout']) {
    const post = (headers: Record<string, string>) =>
      readRefusal(fetch(auth.url + path, { method: 'POST', headers: { ...https, ...headers, cookie } }))
    expect(await post({ origin: 'https://evil.example' })).toEqual([403, 'foreign_origin'])
    expect(await post({})).toEqual([403, 'origin_missing'])
  }
  const headers = { ...https, cookie, origin }
  expect(await readRefusal(fetch(`${auth.url}/validate`, { headers }))).toEqual([401, 'token_missing'])
  expect(await readRefusal(fetch(`${auth.url}/auth/me`, { headers }))).toEqual([401, 'token_missing'])
  expect((await browser.refresh()).status).toBe(200)
})

test('a log-out needs no access token any more, ends the login and takes both cookies away', async () => {
  const browser = openBrowser()
  await browser.logIn()
  const refreshToken = tokenOf(browser)
  browser.jar.delete('__Host-omni2_access')
  const response = await browser.send('POST', '/auth/logout')
  expect(response.status).toBe(204)
  expect(response.headers.getSetCookie()).toEqual([
    '__Host-omni2_access=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    '__Host-omni2_refresh=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure',
  ])
  expect(browser.jar.size).toBe(0)
  expect(await readRefusal(browser.refresh())).toEqual([401, 'refresh_token_missing'])
  const dead = postJson(`${auth.url}/auth/refresh`, { refresh_token: refreshToken })
  expect(await readRefusal(dead)).toEqual([401, 'login_revoked'])
})

test('a log-out of a login that is gone takes the cookies away too', async () => {
  const browser = openBrowser()
  browser.jar.set('__Host-omni2_refresh', 'omni2_rt_unknown')
  const response = await browser.send('POST', '/auth/logout')
  expect(response.status).toBe(401)
  expect(browser.jar.size).toBe(0)
})
