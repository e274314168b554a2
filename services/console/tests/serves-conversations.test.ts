import { makeConversationId } from '@omni2/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { addTurn } from './add-turn.ts'
import { startConsole, users, type ConsoleUnderTest, type UserName } from './start-console.ts'

let app: ConsoleUnderTest

beforeAll(async () => {
  app = await startConsole()
})
afterAll(() => app[Symbol.asyncDispose]())
beforeEach(async () => {
  await app.database.query('delete from omni2.turns')
  await app.database.query('delete from omni2.conversations')
})

interface Asked {
  readonly as?: UserName
  readonly body?: { readonly title: string }
}

const call = (method: string, path: string, { as = 'vera', ...asked }: Asked = {}) =>
  app.call(method, path, { as, api: '/api/v1', ...asked })

const minutes = (count: number) => new Date(Date.parse('2026-11-20T10:00:00Z') + count * 60_000)

test('list - conversations of the user alone, the last used first, in pages', async () => {
  const ids = Array.from({ length: 5 }, () => makeConversationId())
  for (const [index, conversation] of ids.entries())
    await addTurn(app, { conversation, text: `question\n ${index}`, at: minutes(index) })
  await addTurn(app, { of: 'oli', conversation: makeConversationId(), text: 'of another' })
  const first = (await call('GET', '/conversations?limit=3')).body
  const second = (await call('GET', `/conversations?limit=3&cursor=${first.next_cursor}`)).body
  expect([...first.items, ...second.items]).toMatchObject(
    ids.toReversed().map((conversation_id, index) => ({ conversation_id, title: `question ${4 - index}` })),
  )
  expect(first.items[0]).toEqual({
    conversation_id: ids[4],
    title: 'question 4',
    created_at: minutes(4).toISOString(),
    updated_at: minutes(4).toISOString(),
    running: false,
  })
})

test('search - words of titles, questions and answers, also their beginnings, of the user alone', async () => {
  const [walrus, answered, titled] = Array.from({ length: 3 }, () => makeConversationId())
  await addTurn(app, { conversation: walrus ?? null, text: 'Where do walruses sleep?', at: minutes(1) })
  await addTurn(app, { conversation: answered ?? null, answer: 'Mostly on ICE floes', at: minutes(2) })
  await addTurn(app, { conversation: titled ?? null, at: minutes(3) })
  await addTurn(app, { of: 'oli', conversation: makeConversationId(), text: 'walruses of another' })
  await call('PATCH', `/conversations/${titled}`, { body: { title: '100% walrus_facts' } })
  const find = async (search: string) =>
    (await call('GET', `/conversations?search=${encodeURIComponent(search)}`)).body.items.map(
      (item: { conversation_id: string }) => item.conversation_id,
    )
  expect(await find('walrus')).toEqual([titled, walrus])
  expect(await find('walruses sleep')).toEqual([walrus])
  expect(await find('ice flo')).toEqual([answered])
  expect(await find('100% walrus_')).toEqual([titled])
  expect(await find('user 3')).toEqual([])
  for (const hostile of ["'", '"', "'user 3' | walruses", '\\', '!!', ':*', '&|!', '%'])
    expect((await call('GET', `/conversations?search=${encodeURIComponent(hostile)}`)).status).toBe(200)
})

test('turns - what was said, the newest first, in pages', async () => {
  const conversation = makeConversationId()
  const ids: string[] = []
  for (let count = 0; count < 3; count += 1)
    ids.push(await addTurn(app, { conversation, text: `q${count}`, answer: `a${count}`, at: minutes(count) }))
  const path = `/conversations/${conversation}/turns`
  const first = (await call('GET', `${path}?limit=2`)).body
  const second = (await call('GET', `${path}?limit=2&cursor=${first.next_cursor}`)).body
  expect([...first.items, ...second.items]).toMatchObject([
    { session_id: ids[2], user_text: 'q2', answer: 'a2', status: 'done', duration_ms: 1000 },
    { session_id: ids[1], user_text: 'q1' },
    { session_id: ids[0], user_text: 'q0' },
  ])
  expect(second.next_cursor).toBeNull()
})

test('rename and delete - named, named back, gone from every list; its turns stay', async () => {
  const conversation = makeConversationId()
  await addTurn(app, { conversation, text: 'first words' })
  const path = `/conversations/${conversation}`
  expect((await call('PATCH', path, { body: { title: '  Walrus\u2028facts ' } })).body.title).toBe(
    'Walrus\u2028facts',
  )
  expect((await call('PATCH', path, { body: { title: '' } })).body.title).toBe('first words')
  expect((await call('PATCH', path, { body: { title: 'x'.repeat(201) } })).status).toBe(422)
  expect((await call('DELETE', path)).body).toEqual({ deleted: true })
  expect((await call('GET', '/conversations')).body.items).toEqual([])
  const gone = await Promise.all([
    call('GET', path),
    call('GET', `${path}/turns`),
    call('PATCH', path, { body: { title: 'x' } }),
    call('DELETE', path),
  ])
  expect(gone.map(({ status }) => status)).toEqual([404, 404, 404, 404])
  expect(await app.database.query('select user_text from omni2.turns')).toEqual([
    { user_text: 'first words' },
  ])
})

test('turns - with what they called and how it went; a long input is left out', async () => {
  const conversation = makeConversationId()
  const id = await addTurn(app, { conversation })
  const called = (call_id: string, input: unknown) => ({ call_id, mcp: 'files', tool: 'read', input })
  const activities = [
    ['user_message', { text: 'hello' }, null],
    ['mcp_tool_call', called('one', { path: 'a' }), null],
    ['mcp_tool_call', called('two', { path: 'x'.repeat(5000) }), null],
    ['mcp_tool_response', { call_id: 'one', mcp: 'files', tool: 'read', status: 'ok', output: 'text' }, 12],
  ] as const
  for (const [at, [type, data, duration]] of activities.entries())
    await app.database.query(
      `insert into omni2.user_activities (session_id, conversation_id, user_id, sequence_num, activity_type,
         activity_data, duration_ms) values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, conversation, users.vera, at, type, JSON.stringify(data), duration],
    )
  const { items } = (await call('GET', `/conversations/${conversation}/turns`)).body
  expect(items[0].tools).toEqual([
    { call_id: 'one', name: 'files.read', input: { path: 'a' }, status: 'ok', duration_ms: 12 },
    { call_id: 'two', name: 'files.read', input: null, status: null, duration_ms: null },
  ])
})

test('others - a conversation of another user is not found, by operators neither', async () => {
  const conversation = makeConversationId()
  await addTurn(app, { conversation })
  const path = `/conversations/${conversation}`
  for (const as of ['ada', 'oli'] as const) {
    const refused = await Promise.all([
      call('GET', path, { as }),
      call('GET', `${path}/turns`, { as }),
      call('PATCH', path, { as, body: { title: 'mine' } }),
      call('DELETE', path, { as }),
    ])
    expect(refused.map(({ status }) => status)).toEqual([404, 404, 404, 404])
  }
  expect((await call('GET', path)).body.title).toBe('hello')
})

test('me - who one is, and what the role may', async () => {
  const read = async (as: UserName) => (await call('GET', '/me', { as })).body
  expect(await read('vera')).toEqual({
    user_id: users.vera,
    username: 'vera',
    role: 'viewer',
    is_operator: false,
    is_administrator: false,
    monitored_until: null,
  })
  expect(await read('oli')).toMatchObject({ is_operator: true, is_administrator: false })
  expect(await read('ada')).toMatchObject({ is_operator: true, is_administrator: true })
  expect(await read('stranger')).toMatchObject({ role: '', is_operator: false })
  await app.call('PUT', `/users/${users.vera}/monitoring`, { body: { ttl_seconds: 60 } })
  expect(Date.parse((await read('vera')).monitored_until)).toBeGreaterThan(Date.now())
  expect((await read('stranger')).monitored_until).toBeNull()
})

test('me - that one is monitored is not said where the deployment hides it', async () => {
  await using other = await startConsole({ CONSOLE_MONITORING_NOTICE: 'hidden' })
  await other.call('PUT', `/users/${users.vera}/monitoring`, { body: { ttl_seconds: 60 } })
  expect((await other.call('GET', '/me', { as: 'vera', api: '/api/v1' })).body.monitored_until).toBeNull()
})

test('a user without a role may, one whose account is inactive may not', async () => {
  expect((await call('GET', '/conversations', { as: 'stranger' })).status).toBe(200)
  expect((await call('GET', '/conversations', { as: 'ina' })).status).toBe(403)
})

test('a change by a page of another origin, or without any - 403', async () => {
  const conversation = makeConversationId()
  await addTurn(app, { conversation })
  const change = (headers: Record<string, string>) =>
    app.call('DELETE', `/conversations/${conversation}`, { as: 'vera', api: '/api/v1', headers })
  expect((await change({ origin: 'https://evil.example', authorization: '' })).status).toBe(403)
  expect((await change({ authorization: '' })).status).toBe(403)
  expect((await change({ origin: 'https://chat.example.org', authorization: '' })).status).toBe(200)
})
