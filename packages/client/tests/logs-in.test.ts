import { expect, test } from 'vitest'
import { logIn } from '../src/index.ts'
import { openScriptedServer, type ScriptedServer } from './scripted-server.ts'

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

test('a wrong password is told with the server’s words', async () => {
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
