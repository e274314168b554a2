import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openConversation } from './open-conversation.ts'
import { joinTokens, readEvents } from './read-events.ts'
import { makeTestFolder } from './run-command.ts'
import { type StartedStack, startStack } from './started-stack.ts'

const stack = new AsyncDisposableStack()
let line: StartedStack['line']
let dataFolder: string
let database: Client
let developer: Tokens
let admin: Tokens

interface Tokens {
  access_token: string
  refresh_token: string
}

beforeAll(async () => {
  const folder = stack.use(await makeTestFolder())
  dataFolder = folder.path
  ;({ line } = stack.use(await startStack(folder.path)))
  database = stack.adopt(new Client({ connectionString: line.databaseUrl }), (client) => client.end())
  await database.connect()
  developer = await logIn('developer')
  admin = await logIn('admin')
}, 180_000)
afterAll(() => stack.disposeAsync())

const passwordOf = (username: string) => line.users.find((user) => user.username === username)?.password ?? ''

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${line.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

async function logIn(username: string): Promise<Tokens> {
  const response = await post('/auth/login', { username, password: passwordOf(username) })
  return (await response.json()) as Tokens
}

const bearer = ({ access_token }: Pick<Tokens, 'access_token'>) => ({
  authorization: `Bearer ${access_token}`,
})

const query = async (sql: string, values: unknown[] = []) =>
  (await database.query<Record<string, unknown>>(sql, values)).rows

test('20 turns over SSE and 20 over a socket, interleaved: ids, texts, flows and NULLs are right', async () => {
  using conversation = await openConversation(line, developer.access_token)
  const asked: { turnId: string; text: string }[] = []
  const ask = async (turn: number) => {
    const response = await post(
      '/ask/stream',
      { message: `SSE ${turn} é👋 [[sim pace=1]]`, user_id: 1 },
      bearer(developer),
    )
    expect(response.headers.get('content-type')).toMatch('text/event-stream')
    const events = await readEvents(response)
    const end = events.at(-1)
    expect(end?.event).toBe('done')
    const text = joinTokens(events.map(({ data }) => data))
    expect((end?.data['result'] as { answer: string } | undefined)?.answer).toBe(text)
    expect(
      events.every(
        ({ id, data }) =>
          id === `${String(data['session_id'])}:${String(data['attempt'])}:${String(data['seq'])}`,
      ),
    ).toBe(true)
    asked.push({ turnId: response.headers.get('x-session-id') ?? '', text })
  }
  const said: { turnId: string; text: string }[] = []
  const say = async (turn: number) => said.push(await conversation.say(`Socket ${turn} é👋 [[sim pace=1]]`))
  for (let turn = 0; turn < 20; turn += 1) await Promise.all([ask(turn), say(turn)])

  const recorded = async (ids: string[]) =>
    query(
      'select conversation_id, source, user_id from omni2.interaction_flows where session_id = any($1) and completed_at is not null',
      [ids],
    )
  const [asks, says] = [asked, said].map((turns) => turns.map(({ turnId }) => turnId))
  await expect
    .poll(async () => (await recorded([...(asks ?? []), ...(says ?? [])])).length, { timeout: 20_000 })
    .toBe(40)
  expect(new Set((await recorded(asks ?? [])).map((row) => JSON.stringify(row)))).toEqual(
    new Set([JSON.stringify({ conversation_id: null, source: 'sse', user_id: 2 })]),
  )
  const conversationId = conversation.welcome['conversation_id']
  expect(new Set((await recorded(says ?? [])).map((row) => JSON.stringify(row)))).toEqual(
    new Set([JSON.stringify({ conversation_id: conversationId, source: 'ws', user_id: 2 })]),
  )
  const [listed] = await query(
    `SELECT DISTINCT conversation_id, MIN(created_at) as started_at, COUNT(*) as message_count
     FROM omni2.interaction_flows WHERE user_id = 2 AND conversation_id IS NOT NULL
     GROUP BY conversation_id ORDER BY started_at DESC`,
  )
  expect(listed).toMatchObject({ conversation_id: conversationId, message_count: '20' })
}, 120_000)

test('a message is edited, a turn is cancelled, and both show in what the model is given next', async () => {
  using conversation = await openConversation(line, developer.access_token)
  const long = conversation.say('Long [[sim tokens=500 pace=20]]', { client_msg_id: 'long' })
  await conversation.seen('token')
  conversation.send({ type: 'cancel', client_msg_id: 'long' })
  expect((await long).end).toMatchObject({ type: 'cancelled', result: { stop_reason: 'cancelled' } })
  const first = await conversation.say('My name is Ada [[sim tokens=5]]')
  const edited = await conversation.say('My name is Bob [[sim tokens=5]]', { replaces: first.turnId })
  expect(edited.end.type).toBe('done')
  await conversation.say('Who am I? [[sim tokens=5]]')
  const body = await readLastPrompt()
  expect(body).toContain('Bob')
  expect(body).toContain('Long')
  expect(body).not.toContain('Ada')
}, 60_000)

test('a client that lost its connection resumes the turn and ends with the whole answer, on any edge', async () => {
  const before = await openConversation(line, developer.access_token)
  void before.say('Resume me [[sim tokens=120 pace=20]]', { client_msg_id: 'r1' }).catch(() => {})
  await before.seen('token')
  before[Symbol.dispose]()
  using after = await openConversation(line, developer.access_token)
  after.send({ type: 'resume', resume_token: before.welcome['resume_token'], client_msg_id: 'r1' })
  const answer = await after.readAnswer()
  expect(answer.end.type).toBe('done')
  expect((answer.end['result'] as { answer: string }).answer).toBe(answer.text)
  using stranger = await openConversation(line, admin.access_token)
  stranger.send({ type: 'resume', resume_token: before.welcome['resume_token'], client_msg_id: 'r1' })
  expect(await stranger.next()).toMatchObject({ type: 'unrecoverable' })
}, 60_000)

test('two viewers of a conversation both see every frame of it', async () => {
  using first = await openConversation(line, developer.access_token)
  await first.say('Begin [[sim tokens=5]]')
  using second = await openConversation(
    line,
    developer.access_token,
    `?conversation_id=${String(first.welcome['conversation_id'])}`,
  )
  expect(second.welcome).toMatchObject({ type: 'welcome', conversation_id: first.welcome['conversation_id'] })
  const [mine, theirs] = await Promise.all([first.say('Both [[sim tokens=30 pace=5]]'), second.readAnswer()])
  expect([theirs.text, theirs.end]).toEqual([mine.text, mine.end])
  using stranger = await openConversation(
    line,
    admin.access_token,
    `?conversation_id=${String(first.welcome['conversation_id'])}`,
  )
  expect(stranger.welcome).toMatchObject({ type: 'error', code: 'not_found' })
  expect((await stranger.closed).code).toBe(4403)
}, 60_000)

test('log-out reaches an open socket, and the login is good for nothing after it', async () => {
  const tokens = await logIn('viewer')
  const conversation = await openConversation(line, tokens.access_token)
  expect((await post('/auth/logout', {}, bearer(tokens))).status).toBeLessThan(300)
  expect((await conversation.closed).code).toBe(4401)
  expect((await fetch(`${line.url}/ws/chat`, { headers: bearer(tokens) })).status).toBe(401)
  expect((await post('/auth/refresh', tokens)).status).toBe(401)
})

test('a refresh token is good once; used twice it ends the login', async () => {
  const tokens = await logIn('viewer')
  const next = (await (await post('/auth/refresh', tokens)).json()) as Tokens
  expect((await post('/ask/stream', { message: 'Still here [[sim tokens=3]]' }, bearer(next))).status).toBe(
    200,
  )
  expect((await post('/auth/refresh', tokens)).status).toBe(401)
  expect((await post('/ask/stream', { message: 'Gone' }, bearer(next))).status).toBe(401)
})

test('a ticket opens one socket, once, and nothing else', async () => {
  const take = async () =>
    ((await (await post('/auth/ticket', {}, bearer(developer))).json()) as { ticket: string }).ticket
  const ticket = await take()
  using conversation = await openConversation(line, '', `?ticket=${ticket}`)
  expect(conversation.welcome.type).toBe('welcome')
  expect((await fetch(`${line.url}/ws/chat?ticket=${ticket}`)).status).toBe(401)
  expect((await post(`/ask/stream?ticket=${await take()}`, { message: 'No' })).status).toBe(401)
})

test.each([
  ['no proof', {}, 401],
  ['a token without a signature', { authorization: `Bearer ${forge('none')}` }, 401],
  ['a token of another key', { authorization: `Bearer ${forge('HS256')}x` }, 401],
  ['a user id', { 'x-user-id': '1' }, 401],
  ['a forged assertion', { 'x-user-id': '1', 'x-omni2-identity': 'e30.e30.e30' }, 401],
  ['an alias of the user id', { x_user_id: '1' }, 400],
  ['an alias with a dot', { 'x.user.id': '1' }, 400],
])('%s is refused alike on the socket and on SSE', async (_name, headers, status) => {
  expect((await fetch(`${line.url}/ws/chat`, { headers })).status).toBe(status)
  expect((await post('/ask/stream', { message: 'Let me in' }, headers)).status).toBe(status)
})

test('identity headers beside a good token change nothing', async () => {
  const headers = { ...bearer(developer), 'x-user-id': '1', 'x-user-role': 'admin' }
  const response = await post('/ask/stream', { message: 'Who am I? [[sim tokens=3]]' }, headers)
  const id = response.headers.get('x-session-id')
  await response.text()
  expect(await query('select user_id from omni2.turns where session_id = $1', [id])).toEqual([{ user_id: 2 }])
})

test('a refresh token is no access token', async () => {
  expect(
    (await post('/ask/stream', { message: 'x' }, { authorization: `Bearer ${developer.refresh_token}` }))
      .status,
  ).toBe(401)
})

test('the cookie counts only for pages of an allowed origin', async () => {
  const response = await post('/auth/login', { username: 'developer', password: passwordOf('developer') })
  const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  expect(response.headers.get('set-cookie')).toMatch(/HttpOnly/i)
  expect((await askWith({ cookie, origin: line.url })).status).toBe(200)
  expect((await askWith({ cookie, origin: 'https://evil.example' })).status).toBe(403)
  expect((await askWith({ cookie, origin: `${line.url}.evil.example` })).status).toBe(403)
})

test('a page asks by a preflight, without proof, whether it may send a request', async () => {
  const ask = async (origin: string) => {
    const headers = { origin, 'access-control-request-method': 'POST' }
    const answer = await fetch(`${line.url}/ask/stream`, { method: 'OPTIONS', headers })
    return [answer.status, answer.headers.get('access-control-allow-origin')]
  }
  expect(await ask(line.url)).toEqual([204, line.url])
  expect(await ask('https://evil.example')).toEqual([403, null])
})

test('a page stays logged in by its cookies alone', async () => {
  const cookiesOf = (response: Response) =>
    response.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')
  const send = (path: string, cookie: string, method = 'POST') =>
    fetch(`${line.url}${path}`, { method, headers: { cookie, origin: line.url } })
  const login = await post('/auth/login', { username: 'developer', password: passwordOf('developer') })
  const refreshed = await send('/auth/refresh', cookiesOf(login))
  expect(refreshed.status).toBe(200)
  const me = await send('/auth/me', cookiesOf(refreshed), 'GET')
  expect(await me.json()).toMatchObject({ user_id: 2, username: 'developer' })
  expect((await send('/auth/logout', cookiesOf(refreshed))).status).toBe(204)
  expect((await send('/auth/me', cookiesOf(refreshed), 'GET')).status).toBe(401)
})

test('another user’s turn looks like an unknown one, for reading and for stopping', async () => {
  const mine = post('/ask/stream', { message: 'Mine [[sim tokens=100 pace=20]]' }, bearer(developer))
  const id = (await mine).headers.get('x-session-id') ?? ''
  const unknown = id.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
  for (const method of ['GET', 'DELETE']) {
    const path = method === 'GET' ? '/ask/stream' : '/ask'
    const answers = await Promise.all(
      [id, unknown].map(async (turn) => {
        const response = await fetch(`${line.url}${path}/${turn}`, { method, headers: bearer(admin) })
        return [response.status, await response.text()]
      }),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.[0]).toBe(404)
  }
  expect((await readEvents(await mine)).at(-1)?.event).toBe('done')
}, 60_000)

test('guessing a password is slowed down, and others still log in', async () => {
  const statuses: number[] = []
  for (let guess = 0; guess < 30 && statuses.at(-1) !== 429; guess += 1)
    statuses.push((await post('/auth/login', { username: 'blocked', password: `guess ${guess}` })).status)
  expect(statuses.at(-1)).toBe(429)
  expect(new Set(statuses.slice(0, -1))).toEqual(new Set([401]))
}, 60_000)

test('a refusal comes as a status before the stream begins', async () => {
  const blocked = await logIn('inactive')
  const response = await post('/ask/stream', { message: 'Hello' }, bearer(blocked))
  expect([response.status, await response.json()]).toMatchObject([403, { code: 'account_inactive' }])
  expect((await post('/ask/stream', { message: '' }, bearer(developer))).status).toBe(422)
  expect((await post('/ask/stream', { message: 'x'.repeat(40_000) }, bearer(developer))).status).toBe(413)
})

test('no log holds a token, a password or the text of a user', async () => {
  const secrets = [
    developer.access_token,
    developer.refresh_token,
    admin.access_token,
    passwordOf('developer'),
    'My name is Ada',
    'é👋',
  ]
  const files = await readdir(join(dataFolder, 'logs'))
  const logs = await Promise.all(files.map((file) => readFile(join(dataFolder, 'logs', file), 'utf8')))
  expect(files.length).toBeGreaterThan(5)
  for (const [index, log] of logs.entries())
    for (const secret of secrets) expect([files[index], log.includes(secret)]).toEqual([files[index], false])
})

/** Asks with headers that fetch would not send. */
function askWith(headers: Record<string, string>): Promise<{ status: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number }>()
  const body = JSON.stringify({ message: 'Cookie [[sim tokens=3]]' })
  const sent = request(`${line.url}/ask/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  })
  sent.on('response', (response) => {
    response.resume()
    resolve({ status: response.statusCode ?? 0 })
  })
  sent.on('error', reject)
  sent.end(body)
  return promise
}

/** A token that says what it likes. */
function forge(alg: string): string {
  const claims = {
    sub: '1',
    role: 'admin',
    iss: 'omni2-auth',
    aud: 'omni2',
    exp: 4_102_444_800,
    token_use: 'access',
  }
  return [{ alg, typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
    .concat('.')
}

async function readLastPrompt(): Promise<string> {
  const simulator = line.processes.find(({ name }) => name === 'model-simulator-1')
  const list = (await (await fetch(`${simulator?.url}/_log?limit=1`)).json()) as {
    requests: { request: string }[]
  }
  const detail = await fetch(`${simulator?.url}/_log/${list.requests[0]?.request}`)
  return ((await detail.json()) as { body: string }).body
}
