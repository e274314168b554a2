import { openBus } from '@omni2/bus'
import type { NatsUser } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { aliasOfUserId, asText, DocumentedStack, large, missingOf, type Sending } from './documented-stack.ts'

let stack: DocumentedStack

beforeAll(async () => {
  stack = await DocumentedStack.open()
}, 180_000)
afterEach(() => stack.checkFaults())
afterAll(() => stack[Symbol.asyncDispose]())

const api = '/api/admin/v1'

type Names = Readonly<Record<string, string>>

/** What each operation of the Admin API that takes a body is sent. */
const bodies: Readonly<Record<string, unknown>> = {
  createUser: { username: 'temporary', role: 'viewer', password: 'correct horse battery staple' },
  changeUser: { rate_limit_override: 100 },
  setPassword: { password: 'correct horse battery staple' },
  inviteUser: { hours: 5 },
  blockUser: { is_blocked: false },
  changeBlock: { is_blocked: true, block_reason: 'A test' },
  monitorUser: { ttl_seconds: 600 },
  setUserLimits: { max_requests: 1000 },
  changeUserLimits: { max_cost: 10 },
  setDefaultLimits: { concurrent_turns: 10 },
  changeDefaultLimits: { concurrent_turns: 20 },
  createRole: { name: 'temporary', rate_limit: 10, cost_limit_daily: 1 },
  changeRole: { description: 'For a test' },
  setDefaultWelcome: { welcome_message: 'Welcome.' },
  setRoleWelcome: { welcome_message: 'Welcome.' },
  setUserWelcome: { welcome_message: 'Welcome.' },
  setDefaultSystemPrompt: { prompt: 'Be kind.' },
  setRoleSystemPrompt: { prompt: 'Be kind.' },
  createMcpServer: { name: 'temporary', url: 'http://127.0.0.1:9/mcp' },
  changeMcpServer: { description: 'For a test' },
  previewRole: { mcp_access: ['demo'], tool_restrictions: { demo: ['echo'] } },
  callMcpTool: { tool: 'echo', arguments: { message: 'hi' } },
  setPrice: { input: 1, output: 1, cache_read: 1, cache_write: 1 },
}

/** Things that the names in paths stand for. */
let known: Names

const unknown: Names = {
  user_id: '987654',
  role: 'no-such-role',
  server: 'no-such-server',
  model: 'no-such-model',
  session_id: '00000000-0000-4000-8000-000000000000',
  seq: '987654',
}

beforeAll(async () => {
  const [operand] = (
    await stack.database.query("select id from auth_service.users where username = 'operand'")
  ).rows
  const body = { message: 'Hello [[sim tokens=1]]' }
  const asked = await stack.traffic.send('POST', '/ask/stream', { body, token: stack.tokenOf('developer') })
  await publish('ws-edge', 'chat.turns', 'no turn')
  await publish('ws-edge', 'chat.turns', 'no turn either')
  const seeBoth = async () => {
    if ((await listDeadLetters()).length < 2) throw new Error('not parked yet')
  }
  await vi.waitFor(seeBoth, { timeout: 20_000 })
  await publish('chat-worker', 'dead.CHAT_TURNS', 'no dead letter')
  known = {
    user_id: String(operand?.id),
    role: 'viewer',
    server: 'demo',
    model: 'temporary',
    session_id: asked.headers.get('x-session-id') ?? '',
    seq: String((await listDeadLetters())[0]?.seq),
  }
}, 60_000)

async function publish(user: NatsUser, subject: string, payload: string): Promise<void> {
  const url = new URL(stack.line.natsUrl)
  url.username = user
  url.password = stack.secrets.natsPasswords[user] ?? ''
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  await using bus = await openBus({ url: url.href, user, name: 'test', connectDeadlineMs: 5000, log })
  await bus.publishDurably(subject, payload, { id: payload })
}

const listDeadLetters = async (): Promise<{ seq: number; subject: string }[]> =>
  (await stack.traffic.send('GET', `${api}/dead-letters`, { token: stack.tokenOf('admin') })).json.items

const fill = (path: string, names: Names): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => names[name] ?? '')

test('every operation of the Admin API refuses alike', async () => {
  const hasty = { token: stack.tokenOf('hasty') }
  const spend = async () => (await stack.traffic.send('GET', `${api}/limits/default`, hasty)).status
  while ((await spend()) !== 429);
  const token = stack.tokenOf('second')
  for (const { operationId, method, path, responses } of stack.traffic.admin.operations) {
    const body = bodies[operationId]
    const refused: [number, Sending][] = [
      [400, { token, headers: aliasOfUserId }],
      [401, {}],
      [403, { token: stack.tokenOf('viewer') }],
      [429, hasty],
    ]
    if (method !== 'GET')
      refused.push(
        [403, { body, headers: stack.foreign() }],
        [413, { raw: large, token }],
        [415, { raw: 'x', token, headers: asText }],
        [422, { raw: '{', token }],
      )
    if ('412' in responses) refused.push([412, { body, token, headers: { 'if-match': '"other"' } }])
    const sendings = refused.map(([, sending]) => sending)
    const statuses = await stack.readStatuses(method, fill(path, known), sendings)
    expect([operationId, ...statuses]).toEqual([operationId, ...refused.map(([status]) => status)])
    expect(await stack.readStatuses(method, `${fill(path, known)}?nonsense=1`, [{ body, token }])).toEqual([
      422,
    ])
    const isNamed = path.includes('{') && '404' in responses
    const missing = isNamed ? await stack.readStatuses(method, fill(path, unknown), [{ body, token }]) : []
    expect([operationId, ...missing]).toEqual([operationId, ...(isNamed ? [404] : [])])
  }
  for (const list of ['users', 'welcomes', 'turns', 'dead-letters', 'changes'])
    expect(await stack.readStatuses('GET', `${api}/${list}?cursor=nonsense`, [{ token }])).toEqual([400])
  for (const path of ['/nonsense', '/users/1/nonsense', '/users/1/kick'])
    expect(await stack.readStatuses('GET', api + path, [{ token }])).toEqual([404])
}, 90_000)

interface Call {
  readonly id: string
  readonly names?: Names
  readonly body?: unknown
}

/** Calls an operation as an administrator; answers the status, with the code of a refusal. */
async function call({ id, names = {}, body = bodies[id] }: Call): Promise<string> {
  const operation = stack.traffic.admin.operations.find(({ operationId }) => operationId === id)
  const path = fill(operation?.path ?? '', { ...known, ...names })
  const { status, json } = await stack.traffic.send(operation?.method ?? '', path, {
    body,
    token: stack.tokenOf('admin'),
  })
  return [id, status, json?.code ?? ''].join(' ').trim()
}

test('every operation of the Admin API answers as it says', async () => {
  const temporary = { role: 'temporary', server: 'temporary' }
  const self = { user_id: '1' }
  const rounds: [Call, string][] = [
    'listUsers',
    'getUser',
    'changeUser',
    'getBlock',
    'changeBlock',
    'blockUser',
    'kickUser',
    'logOutUser',
    'getUserLimits',
    'setUserLimits',
    'changeUserLimits',
    'deleteUserLimits',
    'getDefaultLimits',
    'setDefaultLimits',
    'changeDefaultLimits',
    'listRoles',
    'getRole',
    'createRole',
    'previewRole',
    'listNearLimits',
    'readSystem',
  ].map((id): [Call, string] => [{ id }, '200'])
  rounds.push(
    [{ id: 'createRole' }, '409 exists'],
    ...[
      'changeRole',
      'setRoleWelcome',
      'deleteRoleWelcome',
      'setRoleSystemPrompt',
      'deleteRoleSystemPrompt',
    ].map((id): [Call, string] => [{ id, names: temporary }, '200']),
    [{ id: 'deleteRoleSystemPrompt', names: temporary }, '404 not_found'],
    [{ id: 'deleteRole', names: temporary }, '200'],
    [{ id: 'deleteRole' }, '409 in_use'],
    [{ id: 'setDefaultWelcome' }, '200'],
    [{ id: 'setUserWelcome' }, '200'],
    [{ id: 'listWelcomes' }, '200'],
    [{ id: 'deleteUserWelcome' }, '200'],
    [{ id: 'setDefaultSystemPrompt' }, '200'],
    [{ id: 'listSystemPrompts' }, '200'],
    [{ id: 'deleteDefaultSystemPrompt' }, '200'],
    [{ id: 'deleteDefaultSystemPrompt' }, '404 not_found'],
    [{ id: 'createMcpServer' }, '200'],
    [{ id: 'createMcpServer' }, '409 exists'],
    [{ id: 'getMcpServer' }, '200'],
    [{ id: 'changeMcpServer', names: temporary }, '200'],
    [{ id: 'testMcpServer' }, '200'],
    [{ id: 'testMcpServer', names: temporary }, '200'],
    [{ id: 'callMcpTool' }, '200'],
    [{ id: 'deleteMcpServer', names: temporary }, '200'],
    [{ id: 'listMcpServers' }, '200'],
    [{ id: 'getTurn' }, '200'],
    [{ id: 'cancelTurn' }, '200'],
    [{ id: 'blockUser', names: self, body: { is_blocked: true } }, '409 own_access'],
    [{ id: 'changeBlock', names: self, body: { is_blocked: true } }, '409 own_access'],
    [{ id: 'changeUser', names: self, body: { active: false } }, '409 own_access'],
    [{ id: 'createUser' }, '200'],
    [{ id: 'createUser' }, '409 exists'],
    [
      { id: 'createUser', body: { username: 'other', role: 'no-such-role', password: 'correct horse' } },
      '404 not_found',
    ],
    [{ id: 'deleteUser', names: self }, '409 own_access'],
    [{ id: 'setPassword' }, '200'],
    [{ id: 'inviteUser' }, '200'],
    [{ id: 'withdrawInvitation' }, '200'],
    [{ id: 'deleteUser' }, '200'],
    [{ id: 'setPrice' }, '200'],
    [{ id: 'listPrices' }, '200'],
    [{ id: 'deletePrice' }, '200'],
    [{ id: 'listUserTurns' }, '200'],
    [{ id: 'readUsage' }, '200'],
    [{ id: 'listChanges' }, '200'],
    [{ id: 'describeApi' }, '200'],
  )
  for (const [asked, expected] of rounds) expect(await call(asked)).toBe(`${asked.id} ${expected}`)
})

test('limits that cannot be read are not changed in part', async () => {
  await stack.database.query(
    `update omni2.omni2_config set config_value = '"odd"' where config_key = 'limits.default'`,
  )
  expect(await call({ id: 'changeDefaultLimits' })).toBe('changeDefaultLimits 409 unreadable')
  expect(await call({ id: 'setDefaultLimits' })).toBe('setDefaultLimits 200')
})

test('dead letters are read, sent again and deleted', async () => {
  const deadLetters = await listDeadLetters()
  const odd = String(deadLetters.find(({ subject }) => subject === '')?.seq)
  const other = String(deadLetters[1]?.seq)
  const rounds: [Call, string][] = [
    [{ id: 'listDeadLetters' }, '200'],
    [{ id: 'getDeadLetter' }, '200'],
    [{ id: 'tryDeadLetter' }, '200'],
    [{ id: 'replayDeadLetter', names: { seq: odd } }, '409 not_replayable'],
    [{ id: 'replayDeadLetter' }, '200'],
    [{ id: 'deleteDeadLetter', names: { seq: other } }, '200'],
    [{ id: 'deleteDeadLetter', names: { seq: odd } }, '200'],
  ]
  for (const [asked, expected] of rounds) expect(await call(asked)).toBe(`${asked.id} ${expected}`)
})

test('a running turn is listed and stopped, and a monitored user followed', async () => {
  const talker = stack.tokenOf('developer')
  const names = { user_id: '2' }
  expect(await call({ id: 'followUser', names })).toBe('followUser 409 not_monitored')
  expect(await call({ id: 'monitorUser', names })).toBe('monitorUser 200')
  const token = stack.tokenOf('admin')
  await stack.traffic.open(`${api}/users/2/live`, { token }, async (feed) => {
    expect(await call({ id: 'followUser', names })).toBe('followUser 429 too_many_feeds')
    const body = { message: 'Long [[sim tokens=4000 pace=20]]' }
    const asked = stack.traffic.send('POST', '/ask/stream', { body, token: talker })
    for await (const chunk of feed) if (String(chunk).includes('event: flow')) break
    const session_id = await stack.findRunning('developer')
    expect(await call({ id: 'listTurns' })).toBe('listTurns 200')
    expect(await call({ id: 'cancelTurn', names: { session_id } })).toBe('cancelTurn 200')
    expect((await asked).events.at(-1)?.type).toBe('cancelled')
  })
  expect(await call({ id: 'stopMonitoringUser', names })).toBe('stopMonitoringUser 200')
})

test('a turn ends when its user is blocked', async () => {
  const names = { user_id: '3' }
  const body = { message: 'Long [[sim tokens=4000 pace=20]]' }
  const asked = stack.traffic.send('POST', '/ask/stream', { body, token: stack.tokenOf('viewer') })
  await stack.findRunning('viewer')
  expect(await call({ id: 'changeBlock', names })).toBe('changeBlock 200')
  expect((await asked).events.at(-1)).toMatchObject({ type: 'error', code: 'blocked' })
  expect(await call({ id: 'blockUser', names })).toBe('blockUser 200')
})

test('everything that the document declares was seen, but for outages and faults', () => {
  expect(missingOf(stack.traffic.admin.listUnseen())).toEqual([])
})
