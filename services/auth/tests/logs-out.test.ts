import { once } from 'node:events'
import { decodeJwt } from 'jose'
import { openBus, type Bus } from '@omni2/bus'
import { controlMessageSchema, subjects, type ControlMessage } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { openFaultProxy, openTestNats, type FaultProxy, type TestNats } from '@omni2/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, logIn, makeToken, postJson, readRefusal, startAuth, validate } from './start-auth.ts'

const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
let auth: Awaited<ReturnType<typeof startAuth>>
let nats: TestNats
/** Between auth and NATS, so that auth alone can lose its connection. */
let proxy: FaultProxy
let edge: Bus
let userId: number
const heard: ControlMessage[] = []
const hears = new EventTarget()

beforeAll(async () => {
  nats = await openTestNats()
  edge = await openBus({
    url: nats.urlFor('ws-edge'),
    user: 'ws-edge',
    name: 'edge',
    connectDeadlineMs: 5_000,
    log,
  })
  edge.subscribe(subjects.controlOfUsers, (payload, subject) => {
    const message = controlMessageSchema.parse(JSON.parse(Buffer.from(payload).toString()))
    if (subject === subjects.controlOfUser(message.user_id)) heard.push(message)
    hears.dispatchEvent(new Event('message'))
  })
  await edge.flush()
  const natsUrl = new URL(nats.urlFor('auth'))
  proxy = await openFaultProxy({ targetPort: Number(natsUrl.port) })
  natsUrl.host = `127.0.0.1:${proxy.port}`
  auth = await startAuth({ NATS_URL: natsUrl.href })
  userId = await addUser(auth.database)
})

afterAll(async () => {
  await auth[Symbol.asyncDispose]()
  await proxy[Symbol.asyncDispose]()
  await edge[Symbol.asyncDispose]()
  await nats[Symbol.asyncDispose]()
})

const sidOf = (token: string) => String(decodeJwt(token)['sid'])
const logOut = (token?: string, body?: object) =>
  body === undefined
    ? fetch(`${auth.url}/auth/logout`, {
        method: 'POST',
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      })
    : postJson(`${auth.url}/auth/logout`, body)

/** Resolves when the edge has heard of the end of a login. */
async function hear(sid: string): Promise<ControlMessage> {
  for (;;) {
    const message = heard.find((one) => one.sid === sid)
    if (message !== undefined) return message
    await once(hears, 'message')
  }
}

test('a logout ends the login, its refresh token and nothing else, and reaches the edges', async () => {
  const [ended, other] = [await logIn(auth.url, 'alice'), await logIn(auth.url, 'alice')]
  expect((await logOut(ended.access_token)).status).toBe(204)
  expect(await readRefusal(validate(auth.url, ended.access_token))).toEqual([401, 'login_revoked'])
  const refreshing = postJson(`${auth.url}/auth/refresh`, { refresh_token: ended.refresh_token })
  expect(await readRefusal(refreshing)).toEqual([401, 'login_revoked'])
  expect((await validate(auth.url, other.access_token)).status).toBe(200)
  const sid = sidOf(ended.access_token)
  expect(await hear(sid)).toEqual({ user_id: userId, change: 'logged_out', sid })
})

test('a refresh token in the body logs out too, also a used one, and comes before the access token', async () => {
  const first = await logIn(auth.url, 'alice')
  expect((await logOut(undefined, { refresh_token: first.refresh_token })).status).toBe(204)
  await hear(sidOf(first.access_token))
  expect(await readRefusal(validate(auth.url, first.access_token))).toEqual([401, 'login_revoked'])

  const second = await logIn(auth.url, 'alice')
  await postJson(`${auth.url}/auth/refresh`, { refresh_token: second.refresh_token })
  expect((await logOut(undefined, { refresh_token: second.refresh_token })).status).toBe(204)
  expect(await readRefusal(validate(auth.url, second.access_token))).toEqual([401, 'login_revoked'])
})

test('logging out twice is logging out', async () => {
  const { access_token } = await logIn(auth.url, 'alice')
  expect((await logOut(access_token)).status).toBe(204)
  expect((await logOut(access_token)).status).toBe(204)
})

test('the token of an existing deployment, which has no login here, can be logged out', async () => {
  const token = await makeToken(userId, { jti: 'of an existing deployment' })
  const sid = sidOf((await validate(auth.url, token)).headers.get('x-omni2-identity') ?? '')
  expect((await logOut(token)).status).toBe(204)
  expect(await readRefusal(validate(auth.url, token))).toEqual([401, 'login_revoked'])
  expect(await hear(sid)).toMatchObject({ user_id: userId, change: 'logged_out' })
})

test('the sid of another user’s login does not end it', async () => {
  const { access_token } = await logIn(auth.url, 'alice')
  const mallory = await addUser(auth.database, { username: 'mallory' })
  await logOut(await makeToken(mallory, { sid: sidOf(access_token) }))
  expect((await validate(auth.url, access_token)).status).toBe(200)
})

test('without a proof there is nothing to end', async () => {
  expect(await readRefusal(logOut())).toEqual([401, 'token_missing'])
  expect(await readRefusal(logOut('garbage'))).toEqual([401, 'token_malformed'])
  expect(await readRefusal(logOut(undefined, { refresh_token: 'unknown' }))).toEqual([
    401,
    'bad_refresh_token',
  ])
  expect(await readRefusal(logOut(undefined, { refresh_token: 7 }))).toEqual([422, 'invalid_body'])
})

test('the reuse of a refresh token reaches the edges', async () => {
  const { access_token, refresh_token } = await logIn(auth.url, 'alice')
  for (let time = 0; time < 2; time++) await postJson(`${auth.url}/auth/refresh`, { refresh_token })
  expect(await hear(sidOf(access_token))).toMatchObject({ user_id: userId, change: 'logged_out' })
})

test('while NATS is away a logout succeeds, and is announced when NATS is back', async () => {
  const { access_token } = await logIn(auth.url, 'alice')
  proxy.stall()
  proxy.dropAll()
  expect((await logOut(access_token)).status).toBe(204)
  expect(await readRefusal(validate(auth.url, access_token))).toEqual([401, 'login_revoked'])
  await auth.service.log.waitFor(/nats away: logouts are announced later/)
  proxy.resume()
  await hear(sidOf(access_token))
  await auth.service.log.waitFor(/nats back: logouts are announced/)
})

test('no token reaches the log', () => {
  const printed = auth.service.log.lines().join('\n')
  expect(printed).toContain('logged out')
  expect(printed).not.toMatch(/eyJ|omni2_rt_/)
})

test('stops in order while NATS is away', async () => {
  proxy.stall()
  proxy.dropAll()
  expect(await auth.service.stop()).toEqual({ code: 0, signal: null })
})
