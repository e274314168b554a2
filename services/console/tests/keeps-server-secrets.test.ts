import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startConsole, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole()
})
afterAll(() => admin[Symbol.asyncDispose]())

const secret = 's3cret'
const url = 'https://mcp.example.org/mcp'
const path = '/mcp-servers/files'

beforeEach(async () => {
  await admin.database.query('truncate omni2.mcp_servers; truncate omni2.admin_changes')
  const body = { name: 'files', url, auth_type: 'bearer', auth_config: { token: secret } }
  const made = await admin.call('POST', '/mcp-servers', { body })
  if (made.status !== 200) throw new Error(`a server is not made: ${made.status}`)
})

const change = (body: object) => admin.call('PATCH', path, { body })
const stored = async () => {
  const columns = 'url, protocol, auth_type, auth_config'
  const [row] = await admin.database.query(`select ${columns} from omni2.mcp_servers`)
  return row
}
const refusedAt = (...paths: string[]) => ({
  status: 422,
  body: { code: 'invalid_input', problems: paths.map((at) => ({ path: at })) },
})

test.each([
  [{ url: 'https://thief.example/mcp' }],
  [{ url: 'http://mcp.example.org/mcp' }],
  [{ url: 'https://mcp.example.org:8443/mcp' }],
  [{ protocol: 'stdio', url: null }],
  [{ auth_type: 'headers' }],
])('credentials do not go along with %j', async (body) => {
  const before = await stored()
  expect(await change(body)).toMatchObject(refusedAt('body.auth_config'))
  expect(await stored()).toEqual(before)
  expect(await admin.countChanges()).toBe(1)
})

test.each([
  [{ auth_config: { token: 'another' } }, { token: 'another' }],
  [{ auth_config: null, auth_type: 'none' }, null],
])('a server moves with %j', async (given, auth_config) => {
  expect((await change({ url: 'https://new.example/mcp', ...given })).status).toBe(200)
  expect(await stored()).toMatchObject({ url: 'https://new.example/mcp', auth_config })
})

test('within its origin a server keeps its credentials, and so does one that is not moved', async () => {
  expect((await change({ url: 'https://mcp.example.org/v2', timeout_seconds: 5 })).status).toBe(200)
  expect((await change({ auth_type: 'bearer', status: 'inactive' })).status).toBe(200)
  expect(await stored()).toMatchObject({
    url: 'https://mcp.example.org/v2',
    auth_config: { token: secret },
  })
})

test('a server that is deleted and made again has no credentials', async () => {
  await admin.call('DELETE', path)
  await admin.call('POST', '/mcp-servers', { body: { name: 'files', url: 'https://thief.example' } })
  expect(await stored()).toMatchObject({ auth_config: null })
})

test('secrets in a URL - also of an old row - are in no answer, no audit row and no log', async () => {
  await admin.call('DELETE', path)
  const shown = 'https://mcp.example.org/mcp?api_key=[secret]'
  const body = { name: 'files', url: `${url}?api_key=${secret}` }
  const made = await admin.call('POST', '/mcp-servers', { body })
  expect(made.body.after.url).toBe(shown)
  expect(await stored()).toMatchObject({ url: body.url })

  await admin.database.query(
    `insert into omni2.mcp_servers (name, url) values ('old', 'https://user:${secret}@mcp.example.org/mcp?${secret}')`,
  )
  const old = await admin.call('PATCH', '/mcp-servers/old', { body: { timeout_seconds: 5 } })
  expect(old.body).toMatchObject({
    before: { url: 'https://[secret]@mcp.example.org/mcp?[secret]' },
    after: { url: 'https://[secret]@mcp.example.org/mcp?[secret]' },
  })
  const everything = [
    made.body,
    old.body,
    (await admin.call('GET', '/mcp-servers')).body,
    (await admin.call('GET', path)).body,
    (await admin.call('GET', '/changes')).body,
    await admin.database.query('select * from omni2.admin_changes'),
    admin.service.log.lines(),
  ]
  expect(JSON.stringify(everything)).not.toContain(secret)
})

test('what was shown in place of a secret is not stored in its place', async () => {
  await change({ url: `${url}?api_key=${secret}` })
  const before = await stored()
  const read = (await admin.call('GET', path)).body
  expect(await change({ url: read.url })).toMatchObject(refusedAt('body.url'))
  expect(await change({ auth_config: read.auth_config })).toMatchObject(refusedAt('body.auth_config.token'))
  const userinfo = 'https://[secret]@mcp.example.org/mcp'
  expect(await change({ url: userinfo })).toMatchObject(refusedAt('body.url'))
  expect(await stored()).toEqual(before)
})
