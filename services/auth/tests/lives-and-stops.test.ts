import { expect, test } from 'vitest'
import { fillDisk } from '@omni2/testkit'
import { addUser, makeToken, postLogin, startAuth, validate } from './start-auth.ts'

test('says when it is ready and stops in order', async () => {
  await using auth = await startAuth()
  await expect.poll(() => fetch(`${auth.healthUrl}/readyz`).then(({ status }) => status)).toBe(200)
  expect(await auth.service.stop()).toEqual({ code: 0, signal: null })
})

test('is not ready, answers 503 and can be stopped while the database is away', async () => {
  await using auth = await startAuth({ DATABASE_URL: 'postgres://stranger:secret@127.0.0.1:1/nowhere' })
  const ready = await fetch(`${auth.healthUrl}/readyz`)
  expect([ready.status, await ready.json()]).toMatchObject([
    503,
    { missing: { database: expect.any(String) } },
  ])
  const response = await validate(auth.url, await makeToken(1))
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await response.json()).toEqual({ error: expect.any(String), code: 'unavailable' })
  expect(auth.service.log.lines().join('\n')).not.toContain('secret')
  expect(await auth.service.stop()).toEqual({ code: 0, signal: null })
})

test('serves again after the database has ended its connections', async () => {
  await using auth = await startAuth()
  const token = await makeToken(await addUser(auth.database))
  expect((await validate(auth.url, token)).status).toBe(200)
  await auth.database.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  )
  await auth.service.log.waitFor(/database connection lost/)
  // Each connection that was lost may cost one request before it is noticed.
  await expect.poll(async () => (await validate(auth.url, token)).status).toBe(200)
})

test('a full disk of the database - a login is put off, who is logged in stays so', async () => {
  await using auth = await startAuth()
  const token = await makeToken(await addUser(auth.database, { username: 'alice' }))
  const makeRoom = await fillDisk('auth_service.sessions', auth.database)
  const refused = await postLogin(auth.url, 'alice', 'correct horse')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await refused.json()).toEqual({ error: expect.any(String), code: 'unavailable' })
  expect((await validate(auth.url, token)).status).toBe(200)
  await makeRoom()
  expect((await postLogin(auth.url, 'alice', 'correct horse')).status).toBe(200)
})
