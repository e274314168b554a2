import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { aliasOfUserId, asText, DocumentedStack, large, missingOf, type Sending } from './documented-stack.ts'
import type { Frame } from './open-conversation.ts'
import { requestUpgrade } from './request-upgrade.ts'

let stack: DocumentedStack

beforeAll(async () => {
  stack = await DocumentedStack.open()
}, 180_000)
afterEach(() => stack.checkFaults())
afterAll(() => stack[Symbol.asyncDispose]())

test('logins: begun, renewed, ended, and refused in every way', async () => {
  const body = { username: 'viewer', password: stack.passwordOf('viewer') }
  const login = (await stack.traffic.send('POST', '/auth/login', { body })).json
  const unusable = [
    { raw: large },
    { raw: 'x', headers: asText },
    { raw: '{' },
    { body, headers: aliasOfUserId },
  ]
  const wrong = { username: 'unknown', password: 'wrong' }
  expect(
    await stack.readStatuses('POST', '/auth/login', [
      ...unusable,
      { body: {} },
      { body: wrong },
      { body: wrong },
      { body: wrong },
    ]),
  ).toEqual([413, 415, 422, 400, 422, 401, 401, 429])
  const { refresh_token } = login
  expect(
    await stack.readStatuses('POST', '/auth/refresh', [
      ...unusable,
      {},
      { headers: stack.foreign() },
      { body: { refresh_token: 1 } },
      { body: { refresh_token: 'unknown' } },
      { body: { refresh_token } },
    ]),
  ).toEqual([413, 415, 422, 400, 401, 403, 422, 401, 200])
  const token = await stack.logIn('viewer')
  const refused = [...unusable, {}, { headers: stack.foreign() }]
  expect(await stack.readStatuses('POST', '/auth/ticket', [...refused, { token }])).toEqual([
    413, 415, 422, 400, 401, 403, 200,
  ])
  expect(
    await stack.readStatuses('POST', '/auth/logout', [...refused, { body: { refresh_token: 1 } }, { token }]),
  ).toEqual([413, 415, 422, 400, 401, 403, 422, 204])
  const mine = [
    { headers: aliasOfUserId },
    {},
    { headers: stack.foreign() },
    { token: stack.tokenOf('viewer') },
  ]
  expect(await stack.readStatuses('GET', '/auth/me', mine)).toEqual([400, 401, 403, 200])
  expect(await stack.readStatuses('GET', '/.well-known/jwks.json', [{ headers: aliasOfUserId }, {}])).toEqual(
    [400, 200],
  )
})

test('an invitation: accepted once, and refused in every way', async () => {
  const ask = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${stack.tokenOf('admin')}`, 'content-type': 'application/json' }
    const url = `${stack.line.url}/api/admin/v1${path}`
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await response.json()) as { after: { id: number }; link: string }
  }
  const { after: user } = await ask('/users', { username: 'guest' })
  const { link } = await ask(`/users/${user.id}/invitation`, {})
  const body = { token: new URL(link, stack.line.url).hash.slice(1), password: 'correct horse battery' }
  expect(
    await stack.readStatuses('POST', '/auth/invitation', [
      { raw: large },
      { raw: 'x', headers: asText },
      { raw: '{' },
      { body, headers: aliasOfUserId },
      { body: { ...body, password: 'short' } },
      { body: { ...body, token: 'unknown' } },
      { body },
      { body },
    ]),
  ).toEqual([413, 415, 422, 400, 422, 401, 200, 401])
})

test.each(['/ask/stream', '/api/v1/chat/ask/stream'])('%s asks, and resumes', async (path) => {
  const token = stack.tokenOf('developer')
  const ask = (message: string, options: Sending = {}) =>
    stack.traffic.send('POST', path, { body: { message }, token, ...options })
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
    await stack.readStatuses('POST', path, [
      { body, token, headers: aliasOfUserId },
      { body },
      { body, headers: stack.foreign() },
      { body, token: stack.forgeExpired() },
      { body, token: stack.tokenOf('inactive') },
      { body, token: stack.tokenOf('blocked') },
      { body, token: stack.tokenOf('limited') },
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
    await stack.readStatuses('GET', `${path}/${turnId}`, [
      {
        token,
        headers: aliasOfUserId,
      },
      {},
      { headers: stack.foreign() },
      after('nonsense'),
      after(`${turnId}:9:9`),
      { token: stack.tokenOf('admin') },
      { token },
      after(end),
    ]),
  ).toEqual([400, 401, 403, 422, 422, 404, 200, 204])
  expect(await stack.readStatuses('GET', `${path}/${unknown}`, [{ token }])).toEqual([404])
  for (const method of ['GET', 'PUT', 'DELETE'])
    expect(await stack.readStatuses(method, path, [{ token }, {}])).toEqual([405, 401])
})

test('a stream is stopped, and one too many is refused', async () => {
  const token = stack.tokenOf('developer')
  const body = { message: 'Long [[sim tokens=4000 pace=20]]' }
  const headers = { 'idempotency-key': 'stopped' }
  const asked = stack.traffic.send('POST', '/ask/stream', { body, token, headers })
  const id = await stack.findRunning('developer')
  const cancel = (sendings: readonly Sending[]) => stack.readStatuses('DELETE', `/ask/${id}`, sendings)
  expect(
    await cancel([
      { token, headers: aliasOfUserId },
      {},
      { headers: stack.foreign() },
      { token: stack.tokenOf('admin') },
      { token },
    ]),
  ).toEqual([400, 401, 403, 404, 202])
  expect((await asked).events.at(-1)?.type).toBe('cancelled')
  expect(await cancel([{ token }])).toEqual([200])

  using open = new DisposableStack()
  const connect = async () => open.use(await stack.traffic.connect(stack.tokenOf('operand')))
  for (let index = 0; index < 4; index += 1) await connect()
  const many = { token: stack.tokenOf('operand') }
  for (const path of ['/ask/stream', '/api/v1/chat/ask/stream'])
    expect(await stack.readStatuses('GET', `${path}/${id}`, [many])).toEqual([429])
  const refused = await connect()
  expect(refused.welcome).toMatchObject({ type: 'error', code: 'too_many_connections' })
  expect((await refused.closed).code).toBe(4429)
})

test('a socket is opened or refused with a status', async () => {
  const authorization = `Bearer ${stack.tokenOf('developer')}`
  const upgrades = [
    { authorization },
    { authorization, ...aliasOfUserId },
    { authorization, 'sec-websocket-key': 'none' },
    { authorization, 'sec-websocket-version': '1' },
    { authorization, upgrade: 'h2c' },
    {},
    stack.foreign(),
  ]
  const statuses: number[] = []
  for (const headers of upgrades) {
    const {
      status,
      headers: received,
      body,
      socket,
    } = await requestUpgrade(`${stack.line.url}/ws/chat`, headers)
    socket?.destroy()
    statuses.push(status)
    const head = new Headers(
      Object.entries(received).map(([name, value]): [string, string] => [name, String(value)]),
    )
    stack.traffic.hold({ method: 'GET', path: '/ws/chat' }, { status, headers: head, text: body })
  }
  expect(statuses).toEqual([101, 400, 400, 400, 426, 401, 403])
  expect(await stack.readStatuses('GET', '/ws/chat', [{ token: stack.tokenOf('developer') }, {}])).toEqual([
    426, 401,
  ])
})

test('a socket carries every frame, and says what is wrong with one', async () => {
  using first = await stack.traffic.connect(stack.tokenOf('developer'))
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
    const refused = await stack.traffic.connect(stack.tokenOf(user))
    expect((await refused.closed).code).toBe(1008)
  }
  const reopened = await stack.traffic.connect(stack.tokenOf('developer'), '?conversation_id=nonsense')
  expect((await reopened.closed).code).toBe(4403)
  first.sendRaw('x'.repeat(70_000))
  expect((await first.closed).code).toBe(1009)
})

test('a resume is answered in each of its ways', async () => {
  using first = await stack.traffic.connect(stack.tokenOf('developer'))
  const resume_token = String(first.welcome['resume_token'])
  const answer = first.say('Silent [[sim tokens=50 pace=0 stall@20]]', { client_msg_id: 'silent' })
  await first.seen('token')
  const resume = async (fields: Record<string, unknown>): Promise<Frame> => {
    using second = await stack.traffic.connect(stack.tokenOf('developer'))
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
  using conversation = await stack.traffic.connect(stack.tokenOf('developer'))
  const answer = conversation.say('Again [[sim tokens=400 pace=20]]')
  await conversation.seen('token')
  process.kill(stack.line.processes.find(({ name }) => name === 'chat-worker-1')?.pid ?? 0, 'SIGKILL')
  await Promise.all([conversation.seen('waiting'), conversation.seen('restart')])
  expect((await answer).end.type).toBe('done')
}, 90_000)

test('everything that the documents declare was seen, but for outages and faults', () => {
  expect(missingOf(stack.traffic.chat.listUnseen())).toEqual([])
  expect(stack.traffic.frames.listUnseen()).toEqual([])
})
