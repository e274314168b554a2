import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdToChanges, readNewestChange } from './hold-to-changes.ts'
import { startConsole, users, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole({ CONSOLE_ANNOUNCED_USERS: '2' })
})
afterAll(() => admin[Symbol.asyncDispose]())

const changes = holdToChanges(() => admin)
const ofVera = (change: string) => ({ user_id: users.vera, change, sid: null })

test('a block - in the original’s words - is written, audited and announced', async () => {
  changes.expected = 2
  const body = {
    is_blocked: true,
    block_reason: 'spam',
    custom_block_message: 'Please call us.',
    blocked_services: ['chat'],
  }
  const blocked = await admin.call('PUT', `/users/${users.vera}/block`, { body })
  expect(blocked).toMatchObject({
    status: 200,
    body: { before: { is_blocked: false }, after: { ...body, blocked_by: users.ada }, announced: true },
  })
  expect(await admin.takeReceived()).toEqual([ofVera('blocked')])
  const rows = await admin.database.query('select * from omni2.user_blocks')
  expect(rows).toMatchObject([{ user_id: users.vera, ...body, blocked_by: users.ada }])
  expect(await readNewestChange(admin)).toEqual({
    id: blocked.body.change_id,
    user_id: users.ada,
    role: 'admin',
    action: 'user.block',
    target_type: 'user',
    target_id: String(users.vera),
    before: blocked.body.before,
    after: blocked.body.after,
    request_id: blocked.headers.get('x-request-id'),
    at: expect.stringMatching(/^\d{4}-.*Z$/),
  })

  const unblocked = await admin.call('PUT', `/users/${users.vera}/block`, { body: { is_blocked: false } })
  expect(unblocked.body).toMatchObject({ before: body, after: { is_blocked: false, block_reason: null } })
  expect(await admin.takeReceived()).toEqual([ofVera('unblocked')])
})

test('an account - role, rate and activity - each announced as its own change', async () => {
  changes.expected = 3
  const change = (body: object) => admin.call('PATCH', `/users/${users.vera}`, { body })
  expect((await change({ role: 'operator', rate_limit_override: 7 })).body).toMatchObject({
    before: { role: 'viewer', rate_limit_override: null },
    after: { role: 'operator', rate_limit_override: 7 },
  })
  expect(await admin.takeReceived()).toEqual([ofVera('permissions'), ofVera('limits')])
  expect((await change({ active: false })).body.after.active).toBe(false)
  expect(await admin.takeReceived()).toEqual([ofVera('deactivated')])
  const back = await change({ active: true, role: 'viewer', rate_limit_override: null })
  expect(back.body.after).toMatchObject({ active: true, role: 'viewer', rate_limit_override: null })
  expect(await change({ role: 'no such role' })).toMatchObject({ status: 404, body: { code: 'not_found' } })
})

test('administrators cannot lock themselves out', async () => {
  const refused = { status: 409, body: { code: 'own_access' } }
  expect(await admin.call('PATCH', '/users/1', { body: { active: false } })).toMatchObject(refused)
  expect(await admin.call('PATCH', '/users/1', { body: { role: 'viewer' } })).toMatchObject(refused)
  expect(await admin.call('PUT', '/users/1/block', { body: { is_blocked: true } })).toMatchObject(refused)
})

test('kicks and logs out everywhere', async () => {
  changes.expected = 2
  expect((await admin.call('POST', `/users/${users.vera}/kick`)).body.announced).toBe(true)
  const out = await admin.call('DELETE', `/users/${users.vera}/sessions`)
  expect(out.body).toMatchObject({ before: { logins: 1 }, after: { logins: 0 } })
  expect(await admin.takeReceived()).toEqual([ofVera('kicked'), ofVera('logged_out')])
})

test('a change to a block keeps the absent fields; a new block begins with the defaults', async () => {
  changes.expected = 5
  const path = `/users/${users.vera}/block`
  const patch = async (body: object) =>
    (await admin.call('PATCH', path, { body: { is_blocked: true, ...body } })).body.after
  const first = await patch({ block_reason: 'spam', blocked_services: ['chat'] })
  expect(first).toMatchObject({
    block_reason: 'spam',
    custom_block_message: null,
    blocked_services: ['chat'],
  })
  expect(await patch({ custom_block_message: 'Please call us.' })).toEqual({
    ...first,
    custom_block_message: 'Please call us.',
  })
  expect(await patch({ block_reason: null })).toMatchObject({
    block_reason: null,
    custom_block_message: 'Please call us.',
  })
  await admin.call('PUT', path, { body: { is_blocked: false } })
  expect(await patch({})).toMatchObject({
    block_reason: null,
    custom_block_message: null,
    blocked_services: ['chat', 'mcp'],
  })
  expect(await admin.call('PATCH', '/users/1/block', { body: { is_blocked: true } })).toMatchObject({
    status: 409,
    body: { code: 'own_access' },
  })
  await admin.database.query('delete from omni2.user_blocks')
  await admin.takeReceived()
})
