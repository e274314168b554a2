import { afterAll, beforeAll, expect, test } from 'vitest'
import { requests } from '@omni2/contracts'
import { holdToChanges } from './hold-to-changes.ts'
import { startConsole, users, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole({ CONSOLE_ANNOUNCED_USERS: '2' })
})
afterAll(() => admin[Symbol.asyncDispose]())

const changes = holdToChanges(() => admin)

test('a role - made, given limits, used, deleted - is announced to its users', async () => {
  changes.expected = 5
  const body = {
    name: 'tester',
    rate_limit: 5,
    cost_limit_daily: 1,
    tool_restrictions: { files: ['read_*'] },
  }
  const made = await admin.call('POST', '/roles', { body })
  expect(made.body).toMatchObject({ before: null, after: { ...body, mcp_access: [], users: 0 } })
  expect(await admin.call('POST', '/roles', { body })).toMatchObject({
    status: 409,
    body: { code: 'exists' },
  })
  await admin.database.query(`update auth_service.users set role_id = $1 where id = any('{4,5}')`, [
    made.body.after.id,
  ])
  await admin.takeReceived()
  const changed = await admin.call('PATCH', '/roles/tester', {
    body: { cost_limit_daily: 2, mcp_access: ['files'] },
  })
  expect(changed.body).toMatchObject({
    before: { cost_limit_daily: 1, rate_limit: 5 },
    after: { cost_limit_daily: 2, rate_limit: 5, mcp_access: ['files'] },
    announced: true,
  })
  const received = (await admin.takeReceived()) as { user_id: number; change: string }[]
  expect(received.map(({ user_id, change }) => `${user_id} ${change}`).toSorted()).toEqual([
    '4 limits',
    '4 permissions',
    '5 limits',
    '5 permissions',
  ])
  await admin.database.query(`update auth_service.users set role_id = $1 where id = 6`, [made.body.after.id])
  const larger = await admin.call('PATCH', '/roles/tester', { body: { rate_limit: 6 } })
  expect([larger.body.announced, await admin.takeReceived()]).toMatchObject([
    false,
    [{ user_id: 4 }, { user_id: 5 }],
  ])
  expect(await admin.call('DELETE', '/roles/tester')).toMatchObject({
    status: 409,
    body: { code: 'in_use', users: 3 },
  })
  const body2 = { welcome_message: 'Hello tester' }
  expect((await admin.call('PUT', '/welcomes/roles/tester', { body: body2 })).status).toBe(200)
  await admin.database.query(`update auth_service.users set role_id = case id when 4 then 4 when 5 then 1 end
    where id = any('{4,5,6}')`)
  expect((await admin.call('DELETE', '/roles/tester')).body.after).toBeNull()
  expect((await admin.call('GET', '/welcomes')).body.items).toHaveLength(1)
})

test('a welcome text that is set again keeps whether it shows what was used', async () => {
  changes.expected = 3
  const set = async (body: object) => (await admin.call('PUT', '/welcomes/roles/viewer', { body })).body.after
  expect(await set({ welcome_message: 'Hi' })).toMatchObject({ show_usage_info: true })
  await set({ welcome_message: 'Hi', show_usage_info: false })
  expect(await set({ welcome_message: 'Hello' })).toMatchObject({
    welcome_message: 'Hello',
    show_usage_info: false,
  })
  await admin.database.query(`delete from omni2.chat_welcome_config where config_type = 'role'`)
})

test('welcome texts - one default, roles and users - are listed with their targets', async () => {
  changes.expected = 4
  const put = (path: string, welcome_message: string) =>
    admin.call('PUT', path, { body: { welcome_message } })
  expect((await put('/welcomes/default', 'Hi')).body.after).toMatchObject({ scope: 'default', target: null })
  await put('/welcomes/roles/viewer', 'Hi viewers')
  await put(`/welcomes/users/${users.vera}`, 'Hi Vera')
  const { items } = (await admin.call('GET', '/welcomes')).body
  expect(items).toEqual([
    { scope: 'default', target: null, welcome_message: 'Hi', show_usage_info: true },
    { scope: 'role', target: 'viewer', welcome_message: 'Hi viewers', show_usage_info: true },
    { scope: 'user', target: '4', welcome_message: 'Hi Vera', show_usage_info: true },
  ])
  expect((await admin.call('DELETE', '/welcomes/roles/viewer')).body).toMatchObject({
    before: { welcome_message: 'Hi viewers' },
    after: null,
  })
  expect((await admin.call('DELETE', '/welcomes/roles/viewer')).status).toBe(404)
})

test('system prompts - are set where workers read them', async () => {
  changes.expected = 3
  const put = (path: string, prompt: string) => admin.call('PUT', path, { body: { prompt } })
  await put('/system-prompts/default', 'Be brief.')
  await put('/system-prompts/roles/viewer', 'Be kind.')
  const rows = await admin.database.query(
    `select config_key, config_value from omni2.omni2_config where config_key like 'system_prompt.%' order by 1`,
  )
  expect(rows).toEqual([
    { config_key: 'system_prompt.default', config_value: 'Be brief.' },
    { config_key: 'system_prompt.role.viewer', config_value: 'Be kind.' },
  ])
  expect((await admin.call('DELETE', '/system-prompts/default')).body.before).toEqual({
    role: null,
    prompt: 'Be brief.',
  })
  expect((await admin.call('GET', '/system-prompts')).body.items).toEqual([
    { role: 'viewer', prompt: 'Be kind.' },
  ])
})

test('an MCP server - its secret is written and never read', async () => {
  changes.expected = 4
  const secret = 'tok-5f1c'
  const body = {
    name: 'files',
    url: 'https://mcp.example.org/mcp',
    auth_type: 'bearer',
    auth_config: { token: secret },
  }
  const made = await admin.call('POST', '/mcp-servers', { body })
  expect(made.body.after).toMatchObject({
    name: 'files',
    status: 'active',
    auth_config: { token: '[secret]' },
  })
  const changed = await admin.call('PATCH', '/mcp-servers/files', { body: { status: 'inactive' } })
  expect(changed.body).toMatchObject({ before: { status: 'active' }, after: { status: 'inactive' } })
  const stored = await admin.database.query('select auth_config from omni2.mcp_servers')
  expect(stored).toEqual([{ auth_config: { token: secret } }])
  expect(await admin.takeReceived()).toEqual([{ server: 'files' }, { server: 'files' }])

  const notes = [{ tool: 'a\n', state: 'left_out' as const, offered_as: null, why: 'its name' }]
  admin.worker.answer(requests.tools, async () => ({ tools: ['read_file'], notes, reason: null }))
  await admin.worker.flush()
  const tested = await admin.call('POST', '/mcp-servers/files/test')
  expect(tested.body.after).toEqual({ tools: ['read_file'], notes, reason: null })
  const { health_status, last_health_check } = (await admin.call('GET', '/mcp-servers/files')).body
  expect(health_status).toBe('healthy')
  expect(Math.abs(Date.parse(last_health_check) - Date.now())).toBeLessThan(60_000)
  expect((await admin.call('DELETE', '/mcp-servers/files')).body.after).toBeNull()
  const everything = [
    await admin.database.query('select * from omni2.admin_changes'),
    made.body,
    changed.body,
    tested.body,
    admin.service.log.lines(),
  ]
  expect(JSON.stringify(everything)).not.toContain(secret)
})
