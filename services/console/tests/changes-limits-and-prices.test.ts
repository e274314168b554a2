import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdToChanges } from './hold-to-changes.ts'
import { startConsole, users, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole({ CONSOLE_ANNOUNCED_USERS: '2' })
})
afterAll(() => admin[Symbol.asyncDispose]())

const changes = holdToChanges(() => admin)
const ofVera = (change: string) => ({ user_id: users.vera, change, sid: null })

test('limits - own and default - are replaced whole', async () => {
  changes.expected = 3
  const path = `/users/${users.vera}/limits`
  const own = await admin.call('PUT', path, { body: { max_requests: 3, max_cost: 1.5 } })
  expect(own.body).toMatchObject({
    before: null,
    after: { period_days: 30, max_requests: 3, max_tokens: null, max_cost: 1.5, is_active: true },
  })
  expect((await admin.call('GET', path)).body).toEqual(own.body.after)
  expect((await admin.call('DELETE', path)).body.after).toBeNull()
  expect(await admin.takeReceived()).toEqual([ofVera('limits'), ofVera('limits')])
  const body = { requests_per_minute: 10, cost_daily: 2 }
  expect((await admin.call('PUT', '/limits/default', { body })).body.after).toEqual(body)
  expect((await admin.call('GET', '/limits/default')).body).toEqual(body)
})

test('limits - own and default - change in what is given, and null takes one away', async () => {
  changes.expected = 6
  const path = `/users/${users.vera}/limits`
  const patch = (where: string, body: object) => admin.call('PATCH', where, { body })
  expect((await patch(path, { max_cost: 5, period_days: 7 })).body).toMatchObject({
    before: null,
    after: { period_days: 7, max_requests: null, max_tokens: null, max_cost: 5, is_active: true },
  })
  expect((await patch(path, { max_requests: 10 })).body).toMatchObject({
    before: { max_requests: null, max_cost: 5 },
    after: { period_days: 7, max_requests: 10, max_cost: 5 },
  })
  expect((await patch(path, { max_cost: null })).body.after).toMatchObject({
    max_requests: 10,
    max_cost: null,
  })
  expect((await admin.call('DELETE', path)).body.after).toBeNull()
  await admin.takeReceived()

  await admin.database.query(`delete from omni2.omni2_config where config_key = 'limits.default'`)
  await patch('/limits/default', { requests_per_minute: 10, cost_daily: 2 })
  const changed = await patch('/limits/default', { cost_daily: null, concurrent_turns: 3 })
  expect(changed.body).toMatchObject({ before: { requests_per_minute: 10, cost_daily: 2 } })
  expect(changed.body.after).toEqual({ requests_per_minute: 10, concurrent_turns: 3 })
})

test('default limits that cannot be read are not changed in part', async () => {
  changes.expected = 0
  await admin.database.query(
    `update omni2.omni2_config set config_value = '{"cost_daily": "much"}' where config_key = 'limits.default'`,
  )
  expect(await admin.call('PATCH', '/limits/default', { body: { concurrent_turns: 3 } })).toMatchObject({
    status: 409,
    body: { code: 'unreadable', error: expect.stringContaining('PUT /limits/default') },
  })
})

test('a price - set, changed in a part, removed - says who set it and is announced to workers', async () => {
  changes.expected = 4
  const path = '/prices/own-model'
  const body = { input: 1, output: 2.5, cache_read: 0.1, cache_write: 1.25 }
  const set = await admin.call('PATCH', path, {
    body: { ...body, source: 'our contract', read_on: '2026-11-01' },
  })
  const first = {
    model: 'own-model',
    ...body,
    source: 'our contract',
    read_on: '2026-11-01',
    is_shipped: false,
  }
  expect(set.body).toMatchObject({ before: null, after: first, announced: true })
  const changed = await admin.call('PATCH', path, { body: { output: 3 } })
  expect(changed.body).toMatchObject({ before: first, after: { ...body, output: 3, source: 'set by ada' } })
  expect(changed.body.after.read_on).not.toBe('2026-11-01')
  const { items } = (await admin.call('GET', '/prices', { as: 'oli' })).body
  expect(items).toContainEqual(changed.body.after)
  expect(items).toContainEqual(expect.objectContaining({ model: 'claude-sonnet-5-5', is_shipped: true }))
  expect((await admin.call('DELETE', path)).body.after).toBeNull()
  expect(await admin.call('DELETE', path)).toMatchObject({ status: 404 })
  expect(await admin.takeReceived()).toEqual([
    { model: 'own-model' },
    { model: 'own-model' },
    { model: 'own-model' },
  ])

  const own = await admin.call('PATCH', '/prices/claude-opus-5-5', { body: { input: 3 } })
  expect(own.body).toMatchObject({
    before: { is_shipped: true },
    after: { input: 3, output: own.body.before.output, is_shipped: false },
  })
  await admin.takeReceived()
})
