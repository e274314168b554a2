import { openTestNats, readMetrics } from '@omni2/testkit'
import { expect, test, vi } from 'vitest'
import { addUser, logIn, makeToken, postJson, postLogin, startAuth, validate } from './start-auth.ts'

const nameOf = (operation: string, result: string) =>
  `omni2_auth_requests_total{operation="${operation}",result="${result}"}`

test('every operation is counted once, by how it ended, and what it waits for is seen', async () => {
  await using nats = await openTestNats()
  await using auth = await startAuth({
    NATS_URL: nats.urlFor('auth'),
    AUTH_LOGIN_FAILURES_PER_ACCOUNT: '2',
  })
  const userId = await addUser(auth.database)
  const tokens = await logIn(auth.url, 'alice')
  const bearer = { authorization: `Bearer ${tokens.access_token}` }
  for (const username of ['stranger', 'stranger', 'stranger']) await postLogin(auth.url, username, 'wrong')
  await postJson(`${auth.url}/auth/login`, { username: 'alice' })
  await validate(auth.url, tokens.access_token)
  await validate(auth.url)
  await validate(auth.url, await makeToken(userId, { iss: 'elsewhere' }))
  await postJson(`${auth.url}/auth/ticket`, undefined, bearer)
  for (const _use of ['first', 'second'])
    await postJson(`${auth.url}/auth/refresh`, { refresh_token: tokens.refresh_token })
  const other = await logIn(auth.url, 'alice')
  await postJson(`${auth.url}/auth/logout`, { refresh_token: other.refresh_token })

  const metrics = await readMetrics(auth.healthUrl)
  const counted = Object.fromEntries(
    [...metrics].filter(([series, value]) => series.startsWith('omni2_auth_requests_total') && value > 0),
  )
  expect(counted).toEqual({
    [nameOf('login', 'ok')]: 2,
    [nameOf('login', 'bad_credentials')]: 2,
    [nameOf('login', 'throttled_account')]: 1,
    [nameOf('login', 'invalid_body')]: 1,
    [nameOf('validate', 'ok')]: 1,
    [nameOf('validate', 'token_missing')]: 1,
    [nameOf('validate', 'wrong_issuer')]: 1,
    [nameOf('ticket', 'ok')]: 1,
    [nameOf('refresh', 'ok')]: 1,
    [nameOf('refresh', 'refresh_token_reused')]: 1,
    [nameOf('logout', 'ok')]: 1,
  })
  expect(metrics.get('omni2_auth_request_seconds_count{operation="login"}')).toBe(6)
  expect(metrics.get('omni2_rates_shared')).toBe(0)
  expect(metrics.get('omni2_database_connections{state="idle"}')).toBeGreaterThan(0)
  await vi.waitFor(
    async () =>
      expect(Object.fromEntries(await readMetrics(auth.healthUrl))).toMatchObject({
        omni2_nats_connected: 1,
        omni2_auth_logouts_waiting: 0,
        omni2_auth_passwords_waiting: 0,
      }),
    { timeout: 20_000 },
  )
})

test('while database and NATS are away, that is what is counted', async () => {
  await using auth = await startAuth({ DATABASE_URL: 'postgres://stranger:secret@127.0.0.1:1/nowhere' })
  await validate(auth.url, await makeToken(1))
  expect(Object.fromEntries(await readMetrics(auth.healthUrl))).toMatchObject({
    [nameOf('validate', 'unavailable')]: 1,
    [nameOf('validate', 'ok')]: 0,
    omni2_nats_connected: 0,
  })
})
