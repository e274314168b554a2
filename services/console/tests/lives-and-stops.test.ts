import { expect, test } from 'vitest'
import { startConsole, users } from './start-console.ts'

test('is ready with its servers; open feeds do not hold up its end', async () => {
  await using admin = await startConsole()
  await admin.whenReady()
  await admin.call('PUT', `/users/${users.vera}/monitoring`, { body: { ttl_seconds: 600 } })
  const feed = await admin.request('GET', `/users/${users.vera}/live`)
  const read = feed.text()
  expect(await admin.service.stop()).toEqual({ code: 0, signal: null })
  expect(await read).toContain(': following')
})

test('NATS away - a change is committed and says that it is not announced', async () => {
  await using admin = await startConsole()
  await admin.nats.stop()
  await admin.service.log.waitFor(/nats/i)
  const body = { is_blocked: true }
  const blocked = await admin.call('PUT', `/users/${users.vera}/block`, { body })
  expect(blocked).toMatchObject({ status: 200, body: { after: { is_blocked: true }, announced: false } })
  expect(await admin.countChanges()).toBe(1)
})

test('Postgres away - 503 without a word of it', async () => {
  await using admin = await startConsole({ DATABASE_URL: 'postgres://stranger:secret@127.0.0.1:1/nowhere' })
  const answer = await admin.call('GET', '/users')
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  expect(answer.headers.get('retry-after')).toBe('1')
  expect(admin.service.log.lines().join('\n')).not.toContain('secret')
})

test('requests of one operator are counted', async () => {
  await using admin = await startConsole({ CONSOLE_REQUESTS_PER_MINUTE: '2' })
  const statuses = []
  for (let time = 0; time < 3; time += 1) statuses.push((await admin.call('GET', '/roles')).status)
  expect(statuses).toEqual([200, 200, 429])
  expect((await admin.call('GET', '/roles', { as: 'oli' })).status).toBe(200)
})
