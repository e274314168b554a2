import { afterAll, beforeAll, expect, test } from 'vitest'
import { holdToChanges } from './hold-to-changes.ts'
import { startConsole, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole()
})
afterAll(() => admin[Symbol.asyncDispose]())

const changes = holdToChanges(() => admin)

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
  changes.expected = 1
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
  changes.expected = 5
  const rates = [11, 12, 13, 14, 15]
  const made = await Promise.all(
    rates.map((rate_limit_override) => admin.call('PATCH', '/users/4', { body: { rate_limit_override } })),
  )
  const steps = made.map(({ body }) => [body.before.rate_limit_override, body.after.rate_limit_override])
  expect(new Set(steps.map(([before]) => before)).size).toBe(5)
  expect(steps.map(([, after]) => after)).toEqual(rates)
})

test('lists are pages, found by what is searched', async () => {
  changes.expected = 3
  for (const rate_limit of [71, 72, 73]) await admin.call('PATCH', '/roles/viewer', { body: { rate_limit } })
  const first = (await admin.call('GET', '/users?limit=4')).body
  expect(first.items.map(({ id }: { id: number }) => id)).toEqual([1, 2, 3, 4])
  const second = (await admin.call('GET', `/users?limit=4&cursor=${first.next_cursor}`)).body
  expect([second.items.map(({ id }: { id: number }) => id), second.next_cursor]).toEqual([[5, 6], null])
  const found = (await admin.call('GET', '/users?search=VER')).body.items
  expect(found).toMatchObject([{ username: 'vera', role: 'viewer', is_blocked: false }])
  expect((await admin.call('GET', '/users?search=%25')).body.items).toEqual([])
  const newest = (await admin.call('GET', '/changes?limit=2&target_type=role')).body
  const older = (await admin.call('GET', `/changes?limit=2&target_type=role&cursor=${newest.next_cursor}`))
    .body
  expect(older.items[0].id).toBeLessThan(newest.items[1].id)
  const user = (await admin.call('GET', '/users/4')).body
  expect(user).toMatchObject({
    account: { username: 'vera', role: 'viewer' },
    usage_today: { requests: 0, tokens: 0, cost_usd: 0 },
    limits: null,
    monitoring: null,
  })
})
