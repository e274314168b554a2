import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { openBus } from '@omni2/bus'
import type { NatsUser } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { nameDataFolder } from '@omni2/cli/data-folder'
import { DocumentedTraffic } from './documented-traffic.ts'
import type { Frame } from './open-conversation.ts'
import { requestUpgrade } from './request-upgrade.ts'
import { makeTestFolder } from './run-command.ts'
import { type Line, startStack } from './started-stack.ts'

const stack = new AsyncDisposableStack()
let line: Line
let traffic: DocumentedTraffic
let database: Client
let secrets: { jwtSecret: string; natsPasswords: Record<string, string> }
const tokens = new Map<string, string>()
/** Of developer, as a browser has it. */
let cookie = ''

/** Bounds that a test reaches in a moment. */
const bounds = {
  AUTH_LOGIN_FAILURES_PER_ACCOUNT: '2',
  CONSOLE_BODY_BYTES: '8192',
  CONSOLE_LIVE_FEEDS: '1',
  CONSOLE_REQUESTS_PER_MINUTE: '250',
  EDGE_CONNECTIONS_PER_USER: '4',
  EDGE_SILENCE_MS: '500',
}

/** Users beside the demo's, made like one of them and with the same password. */
const alike = { operand: 'viewer', limited: 'viewer', second: 'admin', hasty: 'admin' }

beforeAll(async () => {
  const folder = stack.use(await makeTestFolder())
  const started = await startStack(
    folder.path,
    ['--edges', '1', '--workers', '1', '--recorders', '1'],
    bounds,
  )
  ;({ line } = stack.use(started))
  database = stack.adopt(new Client({ connectionString: line.databaseUrl }), (client) => client.end())
  await database.connect()
  secrets = JSON.parse(await readFile(nameDataFolder(folder.path).secretsFile, 'utf8'))
  for (const [username, model] of Object.entries(alike)) await copyUser(username, model)
  traffic = new DocumentedTraffic(line.url)
  for (const username of ['admin', 'developer', 'viewer', 'blocked', 'inactive', ...Object.keys(alike)])
    tokens.set(username, await logIn(username))
}, 180_000)
afterEach(() => {
  const faults = traffic.takeFaults()
  if (faults.length > 0) throw new Error(`not as documented:\n${faults.join('\n')}`)
})
afterAll(() => stack.disposeAsync())

const copyUser = (username: string, model: string) =>
  database.query(
    `insert into auth_service.users (username, name, email, role_id, password_hash, active, rate_limit_override)
     select $1::text, $1, $1 || '@demo.invalid', role_id, password_hash, true, case $1 when 'limited' then 0 end
     from auth_service.users where username = $2`,
    [username, model],
  )

const tokenOf = (username: string): string => tokens.get(username) ?? ''

const passwordOf = (username: string): string => {
  const model = username in alike ? alike[username as keyof typeof alike] : username
  return line.users.find((user) => user.username === model)?.password ?? ''
}

async function logIn(username: string): Promise<string> {
  const body = { username, password: passwordOf(username) }
  const { json, headers } = await traffic.send('POST', '/auth/login', { body })
  const cookies = headers.getSetCookie().map((one) => one.split(';')[0])
  if (username === 'developer') cookie = cookies.join('; ')
  return json.access_token
}

const text = { 'content-type': 'text/plain' }
const alias = { x_user_id: '1' }
const foreign = () => ({ cookie, origin: 'https://evil.example' })
const large = JSON.stringify('x'.repeat(70_000))

interface Sending {
  readonly body?: unknown
  readonly raw?: string
  readonly headers?: Record<string, string>
  readonly token?: string
}

/** The statuses that a request gets as it is changed. */
async function readStatuses(method: string, path: string, sendings: readonly Sending[]): Promise<number[]> {
  const statuses: number[] = []
  for (const sending of sendings) statuses.push((await traffic.send(method, path, sending)).status)
  return statuses
}

test('logins: begun, renewed, ended, and refused in every way', async () => {
  const body = { username: 'viewer', password: passwordOf('viewer') }
  const login = (await traffic.send('POST', '/auth/login', { body })).json
  const unusable = [{ raw: large }, { raw: 'x', headers: text }, { raw: '{' }, { body, headers: alias }]
  const wrong = { username: 'unknown', password: 'wrong' }
  expect(
    await readStatuses('POST', '/auth/login', [
      ...unusable,
      { body: {} },
      { body: wrong },
      { body: wrong },
      { body: wrong },
    ]),
  ).toEqual([413, 415, 422, 400, 422, 401, 401, 429])
  const { refresh_token } = login
  expect(
    await readStatuses('POST', '/auth/refresh', [
      ...unusable,
      {},
      { headers: foreign() },
      { body: { refresh_token: 1 } },
      { body: { refresh_token: 'unknown' } },
      { body: { refresh_token } },
    ]),
  ).toEqual([413, 415, 422, 400, 401, 403, 422, 401, 200])
  const token = await logIn('viewer')
  const refused = [...unusable, {}, { headers: foreign() }]
  expect(await readStatuses('POST', '/auth/ticket', [...refused, { token }])).toEqual([
    413, 415, 422, 400, 401, 403, 200,
  ])
  expect(
    await readStatuses('POST', '/auth/logout', [...refused, { body: { refresh_token: 1 } }, { token }]),
  ).toEqual([413, 415, 422, 400, 401, 403, 422, 204])
  const mine = [{ headers: alias }, {}, { headers: foreign() }, { token: tokenOf('viewer') }]
  expect(await readStatuses('GET', '/auth/me', mine)).toEqual([400, 401, 403, 200])
  expect(await readStatuses('GET', '/.well-known/jwks.json', [{ headers: alias }, {}])).toEqual([400, 200])
})

test.each(['/ask/stream', '/api/v1/chat/ask/stream'])('%s asks, and resumes', async (path) => {
  const token = tokenOf('developer')
  const ask = (message: string, options: Sending = {}) =>
    traffic.send('POST', path, { body: { message }, token, ...options })
  const said = await ask('Hello [[sim tokens=5 pace=0]]')
  const turnId = said.headers.get('x-session-id') ?? ''
  expect(said.events.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['accepted', 'started', 'token', 'done']),
  )
  for (const trouble of [
    'tool=demo__get-sum:{"a":1,"b":2}',
    'stop=refusal',
    'error=400',
    'error=api_error@3',
  ])
    await ask(`Trouble [[sim ${trouble}]]`)
  const body = { message: 'Hello' }
  expect(
    await readStatuses('POST', path, [
      { body, token, headers: alias },
      { body },
      { body, headers: foreign() },
      { body, token: forgeExpired() },
      { body, token: tokenOf('inactive') },
      { body, token: tokenOf('blocked') },
      { body, token: tokenOf('limited') },
      { raw: large, token },
      { body: { message: 'x'.repeat(32_001) }, token },
      ...['{', '[]', '{}', '{"message":1}', '{"message":" "}'].map((raw) => ({ raw, token })),
      { body, token, headers: { 'idempotency-key': 'é' } },
    ]),
  ).toEqual([400, 401, 403, 401, 403, 403, 429, 413, 413, 422, 422, 422, 422, 422, 422])

  const end =
    said.text
      .match(/^id: (.*)$/gm)
      ?.at(-1)
      ?.slice(4) ?? ''
  const after = (id: string) => ({ token, headers: { 'last-event-id': id } })
  const unknown = turnId.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  expect(
    await readStatuses('GET', `${path}/${turnId}`, [
      {
        token,
        headers: alias,
      },
      {},
      { headers: foreign() },
      after('nonsense'),
      after(`${turnId}:9:9`),
      { token: tokenOf('admin') },
      { token },
      after(end),
    ]),
  ).toEqual([400, 401, 403, 422, 422, 404, 200, 204])
  expect(await readStatuses('GET', `${path}/${unknown}`, [{ token }])).toEqual([404])
  for (const method of ['GET', 'PUT', 'DELETE'])
    expect(await readStatuses(method, path, [{ token }, {}])).toEqual([405, 401])
})

test('a stream is stopped, and one too many is refused', async () => {
  const token = tokenOf('developer')
  const body = { message: 'Long [[sim tokens=4000 pace=20]]' }
  const headers = { 'idempotency-key': 'stopped' }
  const asked = traffic.send('POST', '/ask/stream', { body, token, headers })
  const id = await findRunning('developer')
  const cancel = (sendings: readonly Sending[]) => readStatuses('DELETE', `/ask/${id}`, sendings)
  expect(
    await cancel([
      { token, headers: alias },
      {},
      { headers: foreign() },
      { token: tokenOf('admin') },
      { token },
    ]),
  ).toEqual([400, 401, 403, 404, 202])
  expect((await asked).events.at(-1)?.type).toBe('cancelled')
  expect(await cancel([{ token }])).toEqual([200])

  using open = new DisposableStack()
  const connect = async () => open.use(await traffic.connect(tokenOf('operand')))
  for (let index = 0; index < 4; index += 1) await connect()
  const many = { token: tokenOf('operand') }
  for (const path of ['/ask/stream', '/api/v1/chat/ask/stream'])
    expect(await readStatuses('GET', `${path}/${id}`, [many])).toEqual([429])
  const refused = await connect()
  expect(refused.welcome).toMatchObject({ type: 'error', code: 'too_many_connections' })
  expect((await refused.closed).code).toBe(4429)
})

test('a socket is opened or refused with a status', async () => {
  const authorization = `Bearer ${tokenOf('developer')}`
  const upgrades = [
    { authorization },
    { authorization, ...alias },
    { authorization, 'sec-websocket-key': 'none' },
    { authorization, 'sec-websocket-version': '1' },
    { authorization, upgrade: 'h2c' },
    {},
    foreign(),
  ]
  const statuses: number[] = []
  for (const headers of upgrades) {
    const { status, headers: received, body, socket } = await requestUpgrade(`${line.url}/ws/chat`, headers)
    socket?.destroy()
    statuses.push(status)
    const head = new Headers(
      Object.entries(received).map(([name, value]): [string, string] => [name, String(value)]),
    )
    traffic.hold({ method: 'GET', path: '/ws/chat' }, { status, headers: head, text: body })
  }
  expect(statuses).toEqual([101, 400, 400, 400, 426, 401, 403])
  expect(await readStatuses('GET', '/ws/chat', [{ token: tokenOf('developer') }, {}])).toEqual([426, 401])
})

test('a socket carries every frame, and says what is wrong with one', async () => {
  using first = await traffic.connect(tokenOf('developer'))
  await first.say('Hello [[sim tokens=5 pace=0]]', { client_msg_id: 'first' })
  await first.say('Add [[sim tool=demo__get-sum:{"a":1,"b":2}]]')
  await first.say('Declined [[sim stop=refusal]]')
  expect((await first.say('Rejected [[sim error=400]]')).end.type).toBe('error')
  first.send({ type: 'ping' })
  expect((await first.next()).type).toBe('pong')
  const unusable: [string | Uint8Array<ArrayBuffer>, string][] = [
    ['{', 'invalid_json'],
    ['[]', 'invalid_frame'],
    ['{"type":"nonsense"}', 'unknown_type'],
    ['{"type":"message"}', 'invalid_text'],
    ['{"type":"message","text":" "}', 'invalid_text'],
    [JSON.stringify({ type: 'message', text: 'x'.repeat(32_001) }), 'text_too_long'],
    ['{"type":"message","text":"Hello","client_msg_id":""}', 'invalid_frame'],
    ['{"type":"cancel"}', 'invalid_frame'],
    ['{"type":"cancel","client_msg_id":"unknown"}', 'not_found'],
    ['{"type":"resume","resume_token":""}', 'invalid_frame'],
    [new Uint8Array(8), 'binary_frame'],
  ]
  for (const [frame, code] of unusable) {
    first.sendRaw(frame)
    expect(await first.next()).toMatchObject({ type: 'error', code })
  }
  for (const user of ['blocked', 'inactive']) {
    const refused = await traffic.connect(tokenOf(user))
    expect((await refused.closed).code).toBe(1008)
  }
  const reopened = await traffic.connect(tokenOf('developer'), '?conversation_id=nonsense')
  expect((await reopened.closed).code).toBe(4403)
  first.sendRaw('x'.repeat(70_000))
  expect((await first.closed).code).toBe(1009)
})

test('a resume is answered in each of its ways', async () => {
  using first = await traffic.connect(tokenOf('developer'))
  const resume_token = String(first.welcome['resume_token'])
  const answer = first.say('Silent [[sim tokens=50 pace=0 stall@20]]', { client_msg_id: 'silent' })
  await first.seen('token')
  const resume = async (fields: Record<string, unknown>): Promise<Frame> => {
    using second = await traffic.connect(tokenOf('developer'))
    second.send({ type: 'resume', resume_token, ...fields })
    const answers = new Set(['resumed', 'snapshot', 'finished', 'unrecoverable'])
    for (;;) {
      const frame = await second.next()
      if (answers.has(frame.type)) return frame
    }
  }
  const { type, session_id, attempt, seq } = await resume({ client_msg_id: 'silent' })
  expect(type).toBe('snapshot')
  // What is still on its way when the snapshot is made comes after it; nothing comes after that.
  const last = await resume({ session_id, attempt, seq })
  const { type: again } = await resume({ session_id, attempt: last['attempt'], seq: last['seq'] })
  expect(again).toBe('resumed')
  for (const fields of [
    { session_id, attempt, seq: 1_000_000 },
    { client_msg_id: 'unknown' },
    { session_id, resume_token: 'forged' },
  ])
    expect((await resume(fields)).type).toBe('unrecoverable')
  first.send({ type: 'cancel', client_msg_id: 'silent' })
  expect((await answer).end.type).toBe('cancelled')
  expect((await resume({ session_id })).type).toBe('finished')
})

test('a turn whose worker dies is waited for, and begun again', async () => {
  using conversation = await traffic.connect(tokenOf('developer'))
  const answer = conversation.say('Again [[sim tokens=400 pace=20]]')
  await conversation.seen('token')
  process.kill(line.processes.find(({ name }) => name === 'chat-worker-1')?.pid ?? 0, 'SIGKILL')
  await Promise.all([conversation.seen('waiting'), conversation.seen('restart')])
  expect((await answer).end.type).toBe('done')
}, 90_000)

const api = '/api/admin/v1'

type Names = Readonly<Record<string, string>>

/** What each operation of the Admin API that takes a body is sent. */
const bodies: Readonly<Record<string, unknown>> = {
  createUser: { username: 'temporary', role: 'viewer', password: 'correct horse battery staple' },
  changeUser: { rate_limit_override: 100 },
  setPassword: { password: 'correct horse battery staple' },
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
  const [operand] = (await database.query("select id from auth_service.users where username = 'operand'"))
    .rows
  const body = { message: 'Hello [[sim tokens=1]]' }
  const asked = await traffic.send('POST', '/ask/stream', { body, token: tokenOf('developer') })
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
  const url = new URL(line.natsUrl)
  url.username = user
  url.password = secrets.natsPasswords[user] ?? ''
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  await using bus = await openBus({ url: url.href, user, name: 'test', connectDeadlineMs: 5000, log })
  await bus.publishDurably(subject, payload, { id: payload })
}

const listDeadLetters = async (): Promise<{ seq: number; subject: string }[]> =>
  (await traffic.send('GET', `${api}/dead-letters`, { token: tokenOf('admin') })).json.items

const fill = (path: string, names: Names): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => names[name] ?? '')

test('every operation of the Admin API refuses alike', async () => {
  const hasty = { token: tokenOf('hasty') }
  const spend = async () => (await traffic.send('GET', `${api}/limits/default`, hasty)).status
  while ((await spend()) !== 429);
  const token = tokenOf('second')
  for (const { operationId, method, path, responses } of traffic.admin.operations) {
    const body = bodies[operationId]
    const refused: [number, Sending][] = [
      [400, { token, headers: alias }],
      [401, {}],
      [403, { token: tokenOf('viewer') }],
      [429, hasty],
    ]
    if (method !== 'GET')
      refused.push(
        [403, { body, headers: foreign() }],
        [412, { body, token, headers: { 'if-match': '"other"' } }],
        [413, { raw: large, token }],
        [415, { raw: 'x', token, headers: text }],
        [422, { raw: '{', token }],
      )
    const sendings = refused.map(([, sending]) => sending)
    const statuses = await readStatuses(method, fill(path, known), sendings)
    expect([operationId, ...statuses]).toEqual([operationId, ...refused.map(([status]) => status)])
    expect(await readStatuses(method, `${fill(path, known)}?nonsense=1`, [{ body, token }])).toEqual([422])
    const isNamed = path.includes('{') && '404' in responses
    const missing = isNamed ? await readStatuses(method, fill(path, unknown), [{ body, token }]) : []
    expect([operationId, ...missing]).toEqual([operationId, ...(isNamed ? [404] : [])])
  }
  for (const list of ['users', 'welcomes', 'turns', 'dead-letters', 'changes'])
    expect(await readStatuses('GET', `${api}/${list}?cursor=nonsense`, [{ token }])).toEqual([400])
  for (const path of ['/nonsense', '/users/1/nonsense', '/users/1/kick'])
    expect(await readStatuses('GET', api + path, [{ token }])).toEqual([404])
}, 90_000)

interface Call {
  readonly id: string
  readonly names?: Names
  readonly body?: unknown
}

/** Calls an operation as an administrator; answers the status, with the code of a refusal. */
async function call({ id, names = {}, body = bodies[id] }: Call): Promise<string> {
  const operation = traffic.admin.operations.find(({ operationId }) => operationId === id)
  const path = fill(operation?.path ?? '', { ...known, ...names })
  const { status, json } = await traffic.send(operation?.method ?? '', path, {
    body,
    token: tokenOf('admin'),
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
  await database.query(
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
    [{ id: 'replayDeadLetter', names: { seq: odd } }, '409 not_replayable'],
    [{ id: 'replayDeadLetter' }, '200'],
    [{ id: 'deleteDeadLetter', names: { seq: other } }, '200'],
    [{ id: 'deleteDeadLetter', names: { seq: odd } }, '200'],
  ]
  for (const [asked, expected] of rounds) expect(await call(asked)).toBe(`${asked.id} ${expected}`)
})

test('a running turn is listed and stopped, and a monitored user followed', async () => {
  const talker = tokenOf('developer')
  const names = { user_id: '2' }
  expect(await call({ id: 'followUser', names })).toBe('followUser 409 not_monitored')
  expect(await call({ id: 'monitorUser', names })).toBe('monitorUser 200')
  const token = tokenOf('admin')
  await traffic.open(`${api}/users/2/live`, { token }, async (feed) => {
    expect(await call({ id: 'followUser', names })).toBe('followUser 429 too_many_feeds')
    const body = { message: 'Long [[sim tokens=4000 pace=20]]' }
    const asked = traffic.send('POST', '/ask/stream', { body, token: talker })
    for await (const chunk of feed) if (String(chunk).includes('event: flow')) break
    const session_id = await findRunning('developer')
    expect(await call({ id: 'listTurns' })).toBe('listTurns 200')
    expect(await call({ id: 'cancelTurn', names: { session_id } })).toBe('cancelTurn 200')
    expect((await asked).events.at(-1)?.type).toBe('cancelled')
  })
  expect(await call({ id: 'stopMonitoringUser', names })).toBe('stopMonitoringUser 200')
})

test('a turn ends when its user is blocked', async () => {
  const names = { user_id: '3' }
  const body = { message: 'Long [[sim tokens=4000 pace=20]]' }
  const asked = traffic.send('POST', '/ask/stream', { body, token: tokenOf('viewer') })
  await findRunning('viewer')
  expect(await call({ id: 'changeBlock', names })).toBe('changeBlock 200')
  expect((await asked).events.at(-1)).toMatchObject({ type: 'error', code: 'blocked' })
  expect(await call({ id: 'blockUser', names })).toBe('blockUser 200')
})

/** Not to be had from a healthy stack; what else a document declares must have been seen. */
const notProvoked = [
  [/ 500$/, 'a fault'],
  [/ 503$/, 'a service that is away or full'],
] as const

test('everything that the documents declare was seen, but for outages and faults', () => {
  const unseen = [...traffic.chat.listUnseen(), ...traffic.admin.listUnseen()]
  expect(unseen.filter((status) => !notProvoked.some(([pattern]) => pattern.test(status)))).toEqual([])
  expect(traffic.frames.listUnseen()).toEqual([])
})

async function findRunning(username: string): Promise<string> {
  const find = `select session_id from omni2.turns join auth_service.users on id = user_id
    where status = 'running' and username = $1`
  const read = async () =>
    (await database.query<{ session_id: string }>(find, [username])).rows[0]?.session_id
  await expect.poll(read).toBeDefined()
  return (await read()) ?? ''
}

/** An access token that was good once. */
function forgeExpired(): string {
  const [head = '', claims = ''] = tokenOf('developer').split('.')
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString())
  const past = Buffer.from(JSON.stringify({ ...said, iat: said.iat - 90_000, exp: said.iat - 86_000 }))
  const signed = `${head}.${past.toString('base64url')}`
  return `${signed}.${createHmac('sha256', secrets.jwtSecret).update(signed).digest('base64url')}`
}
