import { afterEach, expect, test, vi } from 'vitest'
import { logIn, type Tokens } from '../src/index.ts'
import { openScriptedServer, type ScriptedServer } from './scripted-server.ts'

afterEach(() => void vi.unstubAllGlobals())

async function answer(server: ScriptedServer, status: number, body: object) {
  const { request, body: sent, response } = await server.nextRequest()
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  return { path: request.url, sent: sent === '' ? undefined : JSON.parse(sent), headers: request.headers }
}

const tokens = (name: string, fields: object = {}) => ({
  access_token: `access-${name}`,
  refresh_token: `refresh-${name}`,
  token_type: 'bearer',
  expires_in: 3600,
  ...fields,
})

const decline = { error: 'This login has been ended.', code: 'login_revoked' }

async function openLogin(server: ScriptedServer, fields: object = {}) {
  const logging = logIn({ url: server.url, username: 'ada', password: 'secret' })
  const asked = await answer(server, 200, tokens('1', fields))
  expect(asked).toMatchObject({ path: '/auth/login', sent: { username: 'ada', password: 'secret' } })
  return logging
}

test('a token is used until it has to be renewed, and then refreshed once for all who ask', async () => {
  await using server = await openScriptedServer()
  const { token } = await openLogin(server)
  expect(await token({ renew: false })).toBe('access-1')
  const asking = Promise.all([token({ renew: true }), token({ renew: true })])
  expect(await answer(server, 200, tokens('2'))).toMatchObject({
    path: '/auth/refresh',
    sent: { refresh_token: 'refresh-1' },
  })
  expect(await asking).toEqual(['access-2', 'access-2'])
  expect(await token({ renew: false })).toBe('access-2')
})

test('a token that has expired by the clock is refreshed unasked', async () => {
  await using server = await openScriptedServer()
  const { token } = await openLogin(server, { expires_in: 0 })
  const asking = token({ renew: false })
  expect(await answer(server, 200, tokens('2'))).toMatchObject({ path: '/auth/refresh' })
  expect(await asking).toBe('access-2')
})

test('a refresh that got no answer is tried again with the same token, a refused one says so', async () => {
  await using server = await openScriptedServer()
  const { token } = await openLogin(server)
  const lost = token({ renew: true })
  ;(await server.nextRequest()).response.destroy()
  await expect(lost).rejects.toMatchObject({ code: 'connection_failed' })
  const refused = token({ renew: true })
  const asked = answer(server, 401, { error: 'This login has been ended.', code: 'login_revoked' })
  await expect(refused).rejects.toMatchObject({ code: 'login_revoked', status: 401 })
  expect(await asked).toMatchObject({ sent: { refresh_token: 'refresh-1' } })
})

test('a server without refresh tokens means logging in again', async () => {
  await using server = await openScriptedServer()
  const { token } = await openLogin(server, { refresh_token: undefined })
  await expect(token({ renew: true })).rejects.toMatchObject({ code: 'login_expired', status: 401 })
})

test('a login goes on from its last refresh token, and each new pair is given away before it is used', async () => {
  await using server = await openScriptedServer()
  const kept: Tokens[] = []
  const onTokens = async (pair: Tokens) => void kept.push(pair)
  const going = logIn({ url: server.url, refreshToken: 'refresh-0', onTokens })
  expect(await answer(server, 200, tokens('1'))).toMatchObject({
    path: '/auth/refresh',
    sent: { refresh_token: 'refresh-0' },
  })
  const { token } = await going
  expect(kept).toEqual([{ access_token: 'access-1', refresh_token: 'refresh-1', expires_in: 3600 }])
  expect(await token({ renew: false })).toBe('access-1')
  const asking = token({ renew: true }).then((access) => [access, kept.length])
  expect(await answer(server, 200, tokens('2'))).toMatchObject({ sent: { refresh_token: 'refresh-1' } })
  expect(await asking).toEqual(['access-2', 2])
})

test('a login that is over cannot go on', async () => {
  await using server = await openScriptedServer()
  const going = logIn({ url: server.url, refreshToken: 'old' })
  const [error] = await Promise.all([going.catch((thrown: unknown) => thrown), answer(server, 401, decline)])
  expect(error).toMatchObject({ code: 'login_revoked', status: 401 })
  const nothing = logIn({ url: server.url, refreshToken: () => null })
  await expect(nothing).rejects.toMatchObject({ code: 'login_expired', status: 401 })
  expect(server.waitingRequests).toBe(0)
})

test('a token that could not be kept is used all the same, and not the one before it', async () => {
  await using server = await openScriptedServer()
  const onTokens = ({ refresh_token }: Tokens) => {
    if (refresh_token === 'refresh-2') throw new Error('disk full')
  }
  const logging = logIn({ url: server.url, username: 'ada', password: 'secret', onTokens })
  await answer(server, 200, tokens('1'))
  const { token } = await logging
  const failing = token({ renew: true })
  const [error] = await Promise.all([
    failing.catch((thrown: unknown) => thrown),
    answer(server, 200, tokens('2')),
  ])
  expect(error).toMatchObject({ message: 'disk full' })
  expect(await token({ renew: false })).toBe('access-2')
  const next = token({ renew: true })
  expect(await answer(server, 200, tokens('3'))).toMatchObject({ sent: { refresh_token: 'refresh-2' } })
  await next
})

/** Two tabs of a page that keep the refresh token in one place. */
async function openTabs(server: ScriptedServer) {
  const store = { token: 'refresh-0' }
  const openTab = async (name: string) => {
    const onTokens = (pair: Tokens) => void (store.token = pair.refresh_token ?? '')
    const going = logIn({ url: server.url, refreshToken: () => store.token, onTokens })
    await answer(server, 200, tokens(name))
    return going
  }
  return [await openTab('1'), await openTab('2')] as const
}

test('tabs refresh one after another, each with what the other one got', async () => {
  await using server = await openScriptedServer()
  vi.stubGlobal('navigator', { locks: makeLocks() })
  const [one, two] = await openTabs(server)
  const asking = Promise.all([one.token({ renew: true }), two.token({ renew: true })])
  const first = await server.nextRequest()
  expect([JSON.parse(first.body), server.waitingRequests]).toEqual([{ refresh_token: 'refresh-2' }, 0])
  first.response.end(JSON.stringify(tokens('3')))
  expect(await answer(server, 200, tokens('4'))).toMatchObject({ sent: { refresh_token: 'refresh-3' } })
  expect(await asking).toEqual(['access-3', 'access-4'])
})

/** As the browser's: one holder of a name at a time. */
function makeLocks() {
  const last = new Map<string, Promise<unknown>>()
  return {
    request<T>(name: string, work: () => Promise<T>): Promise<T> {
      const done = (last.get(name) ?? Promise.resolve()).then(work)
      last.set(
        name,
        done.catch(() => {}),
      )
      return done
    },
  }
}

test('where the browser keeps the login no token is sent, and a password is not needed again', async () => {
  await using server = await openScriptedServer()
  const requests: RequestInit[] = []
  const fetchWithCookies: typeof fetch = (url, request = {}) => {
    requests.push(request)
    return fetch(url, request)
  }
  const going = logIn({ url: server.url, cookie: true, fetch: fetchWithCookies })
  expect(await answer(server, 200, tokens('1'))).toMatchObject({ path: '/auth/refresh', sent: {} })
  const login = await going
  const renewing = login.token({ renew: true })
  expect((await answer(server, 200, tokens('2'))).sent).toEqual({})
  expect(await renewing).toBe('access-2')
  const leaving = login.logOut()
  const asked = await answer(server, 204, {})
  // The cookie is the proof, for the access token may be over.
  expect([asked.sent, asked.headers.authorization]).toEqual([{}, undefined])
  await leaving
  expect(requests.map(({ credentials }) => credentials)).toEqual(['include', 'include', 'include'])
})

test('a login says whose it is, with a new token where the last one is refused', async () => {
  await using server = await openScriptedServer()
  const login = await openLogin(server)
  const asking = login.me()
  const asked = await answer(server, 401, { error: 'The token has expired.', code: 'token_expired' })
  expect([asked.path, asked.headers.authorization]).toEqual(['/auth/me', 'Bearer access-1'])
  await answer(server, 200, tokens('2'))
  const me = { user_id: 7, username: 'ada', role: 'developer' }
  expect((await answer(server, 200, me)).headers.authorization).toBe('Bearer access-2')
  expect(await asking).toEqual(me)
  const odd = login.me()
  const [error] = await Promise.all([odd.catch((thrown: unknown) => thrown), answer(server, 200, {})])
  expect(error).toMatchObject({ code: 'bad_answer' })
})

test('logging in and out are given up when their signal aborts', async () => {
  await using server = await openScriptedServer()
  const stop = new AbortController()
  const logging = logIn({ url: server.url, username: 'ada', password: 'x', signal: stop.signal })
  await server.nextRequest()
  stop.abort('enough')
  await expect(logging).rejects.toMatchObject({ code: 'cancelled', cause: 'enough' })
  const login = await openLogin(server)
  const leaving = login.logOut({ signal: AbortSignal.abort() })
  await expect(leaving).rejects.toMatchObject({ code: 'cancelled' })
})

test('a wrong password is reported with the server’s text', async () => {
  await using server = await openScriptedServer()
  const logging = logIn({ url: server.url, username: 'ada', password: 'wrong' })
  const asked = answer(server, 401, { error: 'Wrong name or password.', code: 'bad_credentials' })
  await expect(logging).rejects.toMatchObject({ message: 'Wrong name or password.', status: 401 })
  await asked
})

test.each(['', '/', '/omni2', '/omni2/'])('logging out ends the login at the server (%j)', async (path) => {
  await using server = await openScriptedServer()
  const base = path.replace(/\/$/, '')
  const logging = logIn({ url: `${server.url}${path}`, username: 'ada', password: 'secret' })
  expect(await answer(server, 200, tokens('1'))).toMatchObject({ path: `${base}/auth/login` })
  const login = await logging
  const leaving = login.logOut()
  expect(await answer(server, 204, {})).toMatchObject({
    path: `${base}/auth/logout`,
    headers: { authorization: 'Bearer access-1' },
    sent: { refresh_token: 'refresh-1' },
  })
  await leaving
})

test('a login that is over counts as logged out, and gives no token any more', async () => {
  await using server = await openScriptedServer()
  const login = await openLogin(server)
  const leaving = login.logOut()
  await answer(server, 401, decline)
  await leaving
  await expect(login.token({ renew: false })).rejects.toMatchObject({ code: 'login_revoked', status: 401 })
  const again = login.logOut()
  await answer(server, 503, { error: 'Not now.', code: 'unavailable' }).then(() => again.catch(() => {}))
  await expect(again).rejects.toMatchObject({ code: 'unavailable' })
})
