import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { type DeadLetter, makeConversationId, requests, subjects } from '@omni2/contracts'
import { startConsole, users, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole({ CONSOLE_LIVE_COMMENT_MS: '100', CONSOLE_LIVE_FEEDS: '1' })
})
afterAll(() => admin[Symbol.asyncDispose]())

async function addTurn(status: 'running' | 'done', createdAt = new Date()): Promise<string> {
  const id = makeConversationId()
  await admin.database.query(
    `insert into omni2.turns (session_id, user_id, source, user_text, status, attempt, created_at, ended_at)
     values ($1, $2, 'ws', 'hello', $3, 1, $4, $5)`,
    [id, users.vera, status, createdAt, status === 'done' ? createdAt : null],
  )
  return id
}

test('turns - those that run are listed in pages, oldest first; each can be read', async () => {
  // Within the same millisecond, as under load.
  const at = new Date()
  const ids = await Promise.all([addTurn('running', at), addTurn('running', at), addTurn('running', at)])
  const done = await addTurn('done')
  const first = (await admin.call('GET', '/turns?limit=2')).body
  const second = (await admin.call('GET', `/turns?limit=2&cursor=${first.next_cursor}`)).body
  const listed = [...first.items, ...second.items].map(({ session_id }) => session_id)
  expect(listed).toEqual(ids.toSorted())
  expect((await admin.call('GET', `/turns/${done}`)).body).toMatchObject({
    status: 'done',
    user_text: 'hello',
  })
  expect((await admin.call('GET', `/turns/${makeConversationId()}`)).status).toBe(404)
  await admin.database.query('delete from omni2.turns')
})

test('turns of a user - ended ones too, newest first, in pages; one of them whole, with its checkpoints', async () => {
  const at = new Date('2026-11-20T10:00:00.000Z')
  const ids = await Promise.all([addTurn('done', at), addTurn('running', at), addTurn('done', at)])
  const [older] = [await addTurn('done', new Date('2026-11-19T10:00:00.000Z'))]
  const [newest] = ids.toSorted().toReversed()
  await admin.database.query(
    `update omni2.turns set model = 'm', tokens_input = 12, tokens_output = 3, tokens_cache_read = 4, cost_usd = 0.5,
       result = '{"type": "error", "seq": 9, "body": {"code": "interrupted", "error": "Cut."}}' where session_id = $1`,
    [newest],
  )
  const limits = [{ kind: 'cost_daily', limit: 5, used: 1, remaining: 4, reset_at: null }]
  await admin.database.query(
    `insert into omni2.flow_events (session_id, attempt, ordinal, user_id, source, node_id, event_type, outcome,
       occurred_at, data)
     values ($1, 1, 1, $2, 'ws', '1.1', 'usage_check', 'passed', now(), $3),
       ($1, 0, 0, $2, 'ws', '0.0', 'accepted', 'passed', now(), '{}')`,
    [newest, users.vera, JSON.stringify({ limits })],
  )

  const path = `/users/${users.vera}/turns`
  const first = (await admin.call('GET', `${path}?limit=3`, { as: 'oli' })).body
  const second = (await admin.call('GET', `${path}?limit=3&cursor=${first.next_cursor}`)).body
  const listed = [...first.items, ...second.items].map(({ session_id }) => session_id)
  expect(listed).toEqual([...ids.toSorted().toReversed(), older])
  expect(first.items[0]).toMatchObject({
    model: 'm',
    tokens_input: 12,
    cost_usd: 0.5,
    error_code: 'interrupted',
  })
  expect((await admin.call('GET', `/users/${users.sue}/turns`)).body).toEqual({
    items: [],
    next_cursor: null,
  })

  expect((await admin.call('GET', `/turns/${newest}`)).body).toMatchObject({
    error: 'Cut.',
    tokens_cache_read: 4,
    estimated: false,
    cost_abandoned_usd: 0,
    events: [
      { attempt: 0, event_type: 'accepted' },
      { attempt: 1, event_type: 'usage_check', outcome: 'passed', data: { limits } },
    ],
  })
  await admin.database.query('delete from omni2.turns')
  await admin.database.query('delete from omni2.flow_events')
})

test('cancel - is asked of a worker in the operator’s name; without one that is what is recorded', async () => {
  const id = await addTurn('running')
  expect(await admin.call('POST', `/turns/${id}/cancel`)).toMatchObject({
    status: 503,
    body: { code: 'unavailable' },
  })
  const stranger = { error: 'unavailable', reason: 'no service answers on chat.cancel' }
  expect((await admin.call('GET', '/changes')).body.items).toMatchObject([
    { action: 'turn.cancel', target_id: id, before: null, after: stranger },
  ])
  const asked: unknown[] = []
  admin.worker.answer(requests.cancel, async (request) => {
    asked.push(request)
    return { state: 'requested' as const }
  })
  await admin.worker.flush()
  const cancelled = await admin.call('POST', `/turns/${id}/cancel`)
  expect(cancelled.body).toMatchObject({ before: null, after: { state: 'requested' } })
  expect(asked).toEqual([{ session_id: id, user_id: users.vera, by: 'operator', accepted: false }])
  expect((await admin.call('GET', '/changes')).body.items).toMatchObject([
    { action: 'turn.cancel', target_id: id, after: { state: 'requested' } },
    { after: stranger },
  ])
  expect((await admin.call('POST', `/turns/${makeConversationId()}/cancel`)).status).toBe(404)
})

const park = async (subject: string, payload: string) => {
  const letter: DeadLetter = {
    reason: 'cannot be read',
    subject,
    stream: 'CHAT_TURNS',
    stream_sequence: 1,
    deliveries: 5,
    payload: Buffer.from(payload).toString('base64'),
    parked_at: new Date().toISOString(),
    parked_by: 'chat-worker-1',
  }
  await admin.worker.publishDurably(subjects.dead('CHAT_TURNS'), JSON.stringify(letter), {
    id: crypto.randomUUID(),
  })
}

test('dead letters - are listed, read, sent again to where they were, and dropped', async () => {
  for (const text of ['one', 'two', 'three']) await park('chat.turns', text)
  await park('chat.replies.x', 'four')
  const first = (await admin.call('GET', '/dead-letters?limit=3')).body
  expect(first.items).toMatchObject([
    { seq: 1, reason: 'cannot be read', payload_bytes: 3 },
    { seq: 2 },
    { seq: 3 },
  ])
  const rest = (await admin.call('GET', `/dead-letters?limit=3&cursor=${first.next_cursor}`)).body
  expect([rest.items.length, rest.next_cursor]).toEqual([1, null])
  expect((await admin.call('GET', '/dead-letters/2')).body).toMatchObject({
    subject: 'chat.turns',
    payload_text: 'two',
  })

  const changes = await admin.countChanges()
  expect((await admin.call('POST', '/dead-letters/1/replay')).body).toMatchObject({
    before: { seq: 1 },
    after: null,
  })
  const turns = await admin.worker.jetstream.consumers.get('CHAT_TURNS', 'chat-worker')
  const again = await turns.next({ expires: 5000 })
  expect(again?.string()).toBe('one')
  again?.ack()
  expect((await admin.call('POST', '/dead-letters/1/replay')).status).toBe(404)
  expect((await admin.call('DELETE', '/dead-letters/2')).body.before).toMatchObject({ seq: 2 })
  expect((await admin.call('POST', '/dead-letters/4/replay')).body.code).toBe('not_replayable')
  const left = (await admin.call('GET', '/dead-letters')).body.items
  expect(left.map(({ seq }: { seq: number }) => seq)).toEqual([3, 4])
  expect((await admin.countChanges()) - changes).toBe(2)
})

test.each([
  '$JS.API.STREAM.PURGE.FLOW_EVENTS',
  '$JS.API.STREAM.DELETE.CHAT_TURNS',
  '$JS.API.STREAM.UPDATE.CHAT_TURNS',
  '$JS.API.STREAM.MSG.DELETE.FLOW_EVENTS',
  '$JS.API.CONSUMER.MSG.NEXT.CHAT_TURNS.chat-worker',
  '$JS.API.CONSUMER.DELETE.FLOW_EVENTS.flow-recorder',
  'chat.open',
  'chat.replies.x',
])('the console’s user may not publish to %s', async (subject) => {
  await using bus = await admin.connect('console')
  const request = { subject, request: z.unknown(), reply: z.unknown() }
  await expect(bus.request(request, {}, { timeoutMs: 2000 })).rejects.toThrow(/permissions violation/i)
})

async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, words: string): Promise<string> {
  let text = ''
  while (!text.includes(words)) {
    const { value, done } = await reader.read()
    if (done) throw new Error(`the feed ended: ${text}`)
    text += Buffer.from(value).toString('utf8')
  }
  return text
}

async function readToEnd(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<'ended'> {
  while (!(await reader.read()).done);
  return 'ended'
}

const monitor = (ttl_seconds: number) =>
  admin.call('PUT', `/users/${users.vera}/monitoring`, { body: { ttl_seconds } })
const follow = async () => {
  const response = await admin.request('GET', `/users/${users.vera}/live`, { as: 'oli' })
  const reader = response.body?.getReader()
  if (!reader) throw new Error('an answer has a body')
  return { response, reader }
}

test('a live feed - only of a monitored user - shows events, is bounded and ends with the monitoring', async () => {
  expect((await admin.request('GET', `/users/${users.vera}/live`)).status).toBe(409)
  expect((await monitor(600)).body.after).toMatchObject({ started_by: users.ada })
  const { response, reader } = await follow()
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  await readUntil(reader, ': following')
  admin.worker.publish(subjects.flowLive(users.vera), '{"kind":"event"}')
  admin.worker.publish(subjects.flowLive(users.ada), '{"kind":"of another"}')
  const shown = await readUntil(reader, 'data: {"kind":"event"}\n\n')
  expect(shown).toContain('event: flow\n')
  expect(shown).not.toContain('another')
  expect((await admin.call('GET', `/users/${users.vera}/live`)).body).toMatchObject({
    code: 'too_many_feeds',
    retry_after_ms: 1000,
  })
  expect((await admin.call('DELETE', `/users/${users.vera}/monitoring`)).body.after).toBeNull()
  expect(await readToEnd(reader)).toBe('ended')
})

test('a live feed - whose monitoring expires, or whose reader loses the right - ends', async () => {
  await monitor(600)
  const expiring = await follow()
  await admin.database.query('update omni2.monitored_users set expires_at = now()')
  expect(await readToEnd(expiring.reader)).toBe('ended')
  await monitor(600)
  const revoked = await follow()
  await admin.database.query(`update auth_service.users set active = false where id = ${users.oli}`)
  expect(await readToEnd(revoked.reader)).toBe('ended')
})
