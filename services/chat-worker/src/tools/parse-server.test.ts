import { expect, test } from 'vitest'
import type { McpServerRow } from '@omni2/db'
import { parseServer } from './parse-server.ts'
import { parseStdioServers } from '../parse-stdio-servers.ts'

const local = { command: 'notes-server', args: [], env: {} }
const bounds = { callTimeoutMs: 60_000, stdioServers: { local } }
const row: McpServerRow = {
  name: 'files',
  url: 'https://tools.example/mcp',
  protocol: 'http',
  timeout_seconds: 30,
  max_retries: 2,
  retry_delay_seconds: 1,
  auth_type: null,
  auth_config: null,
}
const addressOf = (given: Partial<McpServerRow>) => parseServer({ ...row, ...given }, bounds).address
const headersOf = (auth_type: string, auth_config: unknown) => {
  const address = addressOf({ auth_type, auth_config })
  return address.kind === 'http' ? address.headers : address
}

test.each([null, 'http', 'HTTPS', 'streamable_http', 'streamable-http', 'streamableHttp'])(
  'protocol %j is streamable HTTP',
  (protocol) => {
    expect(addressOf({ protocol })).toEqual({ kind: 'http', url: new URL(row.url), headers: {} })
  },
)

test.each([
  ['another protocol', { protocol: 'sse' }, 'its protocol is not supported'],
  ['another scheme', { url: 'file:///etc/passwd' }, 'its url is not http or https'],
  ['no url', { url: 'tools.example' }, 'its url is not http or https'],
  ['credentials in the url', { url: 'https://user:pass@tools.example/' }, 'its url holds credentials'],
  ['a command that is not configured', { protocol: 'stdio' }, 'no command of its name is configured'],
  [
    'a command in the row',
    { protocol: 'stdio', url: 'rm -rf /', auth_config: { command: 'rm' } },
    'no command of its name is configured',
  ],
  [
    'a name of every object',
    { protocol: 'stdio', name: 'constructor' },
    'no command of its name is configured',
  ],
])('%s makes a server unusable', (_name, given, reason) => {
  expect(addressOf(given)).toEqual({ kind: 'unusable', reason })
})

test('a row names a command of the configuration', () => {
  expect(addressOf({ name: 'local', protocol: 'stdio' })).toEqual({ kind: 'stdio', command: local })
})

test.each([
  ['none', null, {}],
  ['bearer', { token: 't' }, { authorization: 'Bearer t' }],
  ['Bearer_Token', { bearer_token: 't' }, { authorization: 'Bearer t' }],
  ['api_key', { api_key: 'k' }, { 'X-API-Key': 'k' }],
  ['apikey', { header: 'X-Key', key: 'k' }, { 'X-Key': 'k' }],
  ['api-key', { header_name: 'X-Key', value: 'k' }, { 'X-Key': 'k' }],
  ['basic', { username: 'u', password: 'p' }, { authorization: 'Basic dTpw' }],
  ['custom_headers', { headers: { 'X-A': 'a', 'X-B': 'b' } }, { 'X-A': 'a', 'X-B': 'b' }],
  ['custom', { 'X-A': 'a' }, { 'X-A': 'a' }],
])('auth %s %j becomes headers', (type, config, headers) => {
  expect(headersOf(type, config)).toEqual(headers)
})

test.each([
  ['bearer', null],
  ['bearer', { token: '' }],
  ['bearer', { token: 7 }],
  ['bearer', '{"token":"t"}'],
  ['bearer', { token: 'a\r\nX-Injected: 1' }],
  ['api_key', { header: 'Host', key: 'k' }],
  ['api_key', { header: 'bad name', key: 'k' }],
  ['custom', { headers: {} }],
  ['custom', { headers: { 'X-A': 1 } }],
  ['custom', { headers: { 'Mcp-Session-Id': 'x' } }],
  ['oauth2', { client_id: 'x' }],
])('auth %s %j cannot be read, so the server is not used without it', (type, config) => {
  expect(headersOf(type, config)).toEqual({ kind: 'unusable', reason: 'its authentication cannot be read' })
})

test('a row cannot ask for more time and tries than there are', () => {
  const greedy = { timeout_seconds: 9999, max_retries: 9999, retry_delay_seconds: 9999 }
  expect(parseServer({ ...row, ...greedy }, bounds)).toMatchObject({
    timeoutMs: 60_000,
    retries: 5,
    retryDelayMs: 10_000,
  })
  const empty = { timeout_seconds: null, max_retries: null, retry_delay_seconds: null }
  expect(parseServer({ ...row, ...empty }, bounds)).toMatchObject({
    timeoutMs: 30_000,
    retries: 2,
    retryDelayMs: 1000,
  })
})

test('commands of the configuration are read whole or not at all', () => {
  expect(parseStdioServers('{"local": {"command": "notes-server"}}')).toEqual({ local })
  expect(parseStdioServers('{"local": {"command": "x", "shell": true}}')).toBeUndefined()
  expect(parseStdioServers('{"local": "x"}')).toBeUndefined()
  expect(parseStdioServers('not json')).toBeUndefined()
})
