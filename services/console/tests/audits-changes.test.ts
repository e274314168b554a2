import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { requests } from '@omni2/contracts'
import { startConsole, users, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole({ CONSOLE_ANNOUNCED_USERS: '2' })
})
afterAll(() => admin[Symbol.asyncDispose]())

let changesBefore = 0
beforeEach(async () => {
  changesBefore = await admin.countChanges()
  await admin.takeReceived()
})

/** How many audit rows a test's requests are to leave. */
let expectedChanges = 0
afterEach(async () => {
  const made = (await admin.countChanges()) - changesBefore
  if (made !== expectedChanges) throw new Error(`${made} audit rows instead of ${expectedChanges}`)
  expectedChanges = 0
})

const newestChange = async () => (await admin.call('GET', '/changes?limit=1')).body.items[0]
const ofVera = (change: string) => ({ user_id: users.vera, change, sid: null })

test('a block - in the original’s words - is written, audited and announced', async () => {
  expectedChanges = 2
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
  expect(await newestChange()).toEqual({
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
  expectedChanges = 3
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
  expectedChanges = 2
  expect((await admin.call('POST', `/users/${users.vera}/kick`)).body.announced).toBe(true)
  const out = await admin.call('DELETE', `/users/${users.vera}/sessions`)
  expect(out.body).toMatchObject({ before: { logins: 1 }, after: { logins: 0 } })
  expect(await admin.takeReceived()).toEqual([ofVera('kicked'), ofVera('logged_out')])
})

test('limits - own and default - are replaced whole', async () => {
  expectedChanges = 3
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
  expectedChanges = 6
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
  expectedChanges = 0
  await admin.database.query(
    `update omni2.omni2_config set config_value = '{"cost_daily": "much"}' where config_key = 'limits.default'`,
  )
  expect(await admin.call('PATCH', '/limits/default', { body: { concurrent_turns: 3 } })).toMatchObject({
    status: 409,
    body: { code: 'unreadable', error: expect.stringContaining('PUT /limits/default') },
  })
})

test('a change to a block keeps the absent fields; a new block begins with the defaults', async () => {
  expectedChanges = 5
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

test('a welcome text that is set again keeps whether it shows what was used', async () => {
  expectedChanges = 3
  const set = async (body: object) => (await admin.call('PUT', '/welcomes/roles/viewer', { body })).body.after
  expect(await set({ welcome_message: 'Hi' })).toMatchObject({ show_usage_info: true })
  await set({ welcome_message: 'Hi', show_usage_info: false })
  expect(await set({ welcome_message: 'Hello' })).toMatchObject({
    welcome_message: 'Hello',
    show_usage_info: false,
  })
  await admin.database.query(`delete from omni2.chat_welcome_config where config_type = 'role'`)
})

test('a price - set, changed in a part, removed - says who set it and is announced to workers', async () => {
  expectedChanges = 4
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

test('a role - made, given limits, used, deleted - is announced to its users', async () => {
  expectedChanges = 5
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

test('welcome texts - one default, roles and users - are listed with their targets', async () => {
  expectedChanges = 4
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
  expectedChanges = 3
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
  expectedChanges = 4
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

test.each([
  [
    'PUT',
    '/users/4/block',
    { is_blocked: 'yes', block_reason: 'a\0b', typo: 1 },
    ['body.is_blocked', 'body.block_reason', 'body'],
  ],
  ['PATCH', '/users/0', { role: 5 }, ['params.user_id', 'body.role']],
  ['PUT', '/users/4/limits', { period_days: 0, max_requests: -1 }, ['body.period_days', 'body.max_requests']],
  ['PUT', '/limits/default', { request_per_minute: 5 }, ['body']],
  ['PUT', '/limits/default', { period_days: 3661 }, ['body.period_days']],
  ['PATCH', '/prices/own-model', { input: 1 }, ['body.output', 'body.cache_read', 'body.cache_write']],
  ['PATCH', '/prices/own-model', { input: -1 }, ['body.input']],
  ['PUT', '/limits/default', undefined, ['body']],
  [
    'POST',
    '/roles',
    {
      name: 'r',
      rate_limit: 1,
      cost_limit_daily: 1,
      tool_restrictions: {
        files: { mode: 'allow' },
        web: 'all',
        mail: { mode: 'deny', tools: ['send_* '] },
        notes: { tools: ['read_{a,b}'], resources: ['note://{id}'] },
      },
    },
    ['body.tool_restrictions.files', 'body.tool_restrictions.web', 'body.tool_restrictions.mail'],
  ],
  ['POST', '/mcp-servers', { name: 'a b', url: 'https://u:p@mcp.example.org' }, ['body.name', 'body.url']],
  ['POST', '/mcp-servers', { name: 'a', url: 'file:///etc/passwd' }, ['body.url']],
  ['POST', '/mcp-servers', { name: 'a', protocol: 'stdio', url: 'https://mcp.example.org' }, ['body.url']],
  ['GET', '/users?limit=201&cursor=x&nope=1', undefined, ['query.limit', 'query.cursor', 'query']],
])('%s %s %j - all its problems are named', async (method, path, body, paths) => {
  const refused = await admin.call(method, path, body === undefined ? {} : { body })
  expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_input' } })
  const named = refused.body.problems.map((problem: { path: string }) => problem.path)
  expect(named.toSorted()).toEqual(paths.toSorted())
})

test.each([
  '/users?cursor=2147483648',
  '/welcomes?cursor=99999999999',
  '/turns?cursor=x',
  '/changes?cursor=-1',
])('%s - is refused as no cursor of the list', async (path) => {
  const refused = await admin.call('GET', path)
  expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } })
  expect(refused.headers.get('x-content-type-options')).toBe('nosniff')
})

test.each([
  '/users?cursor=2147483647',
  '/turns?cursor=999999999999999999_0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11',
])('%s - is a page with nothing on it', async (path) => {
  expect(await admin.call('GET', path)).toMatchObject({ status: 200, body: { items: [] } })
})

test('a change meant for another version is refused', async () => {
  expectedChanges = 1
  const read = await admin.call('GET', '/roles/viewer')
  const etag = read.headers.get('etag') ?? ''
  const change = (rate_limit: number, ifMatch: string) =>
    admin.call('PATCH', '/roles/viewer', { body: { rate_limit }, headers: { 'if-match': ifMatch } })
  const changed = await change(61, etag)
  expect(changed.status).toBe(200)
  expect(await change(62, etag)).toMatchObject({ status: 412, body: { code: 'changed_meanwhile' } })
  expect(changed.headers.get('etag')).toBe((await admin.call('GET', '/roles/viewer')).headers.get('etag'))
})

test('parallel changes of one target follow one another, each from what the other left', async () => {
  expectedChanges = 5
  const rates = [11, 12, 13, 14, 15]
  const made = await Promise.all(
    rates.map((rate_limit_override) => admin.call('PATCH', '/users/4', { body: { rate_limit_override } })),
  )
  const steps = made.map(({ body }) => [body.before.rate_limit_override, body.after.rate_limit_override])
  expect(new Set(steps.map(([before]) => before)).size).toBe(5)
  expect(steps.map(([, after]) => after)).toEqual(rates)
})

test('lists are pages, found by what is searched', async () => {
  const first = (await admin.call('GET', '/users?limit=4')).body
  expect(first.items.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4])
  const second = (await admin.call('GET', `/users?limit=4&cursor=${first.next_cursor}`)).body
  expect([second.items.map(({ id }: { id: number }) => id), second.next_cursor]).toEqual([[5, 6], null])
  const found = (await admin.call('GET', '/users?search=VER')).body.items
  expect(found).toMatchObject([{ username: 'vera', role: 'viewer', is_blocked: false }])
  expect((await admin.call('GET', '/users?search=%25')).body.items).toEqual([])
  const changes = (await admin.call('GET', '/changes?limit=2&target_type=role')).body
  const older = (await admin.call('GET', `/changes?limit=2&target_type=role&cursor=${changes.next_cursor}`))
    .body
  expect(older.items[0].id).toBeLessThan(changes.items[1].id)
  const user = (await admin.call('GET', '/users/4')).body
  expect(user).toMatchObject({
    account: { username: 'vera', role: 'viewer' },
    usage_today: { requests: 0, tokens: 0, cost_usd: 0 },
    limits: null,
    monitoring: null,
  })
})
