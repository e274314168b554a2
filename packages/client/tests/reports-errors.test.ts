import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ask, ChatError, connect, logIn } from '../src/index.ts'
import { textBounds } from '../src/check-text.ts'
import { mostOpenTurns } from '../src/open-turns.ts'
import { wireBounds } from '@omni2/contracts'
import { accepted, done, makeResult, turnId, token, turnFrame } from './frames.ts'
import { atOnce, openChat, readAll } from './open-chat.ts'
import { openScriptedServer } from './scripted-server.ts'

const failure = (fields: object) => ({ type: 'error', error: 'Words for people.', ...fields })

test('a turn that fails rejects with its code and what was said', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  const limits = {
    retry_after_ms: 900,
    reset_at: '2026-11-23T00:00:00.000Z',
    limit_kind: 'cost_daily',
    limit: 5,
    used: 4,
    remaining: 1,
    ended_at: '2026-11-22T12:00:00.000Z',
    cause: 'model_timeout',
  }
  const end = failure({ code: 'interrupted', ...limits, result: makeResult('One two') })
  for (const frame of [accepted('m-1'), token([1, 1], 'One'), turnFrame('error', [1, 3], end)])
    open.socket.send(frame)
  const error = await reply.result().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ChatError)
  expect(error).toMatchObject({
    code: 'interrupted',
    message: 'Words for people.',
    retryAfterMs: 900,
    resetAt: limits.reset_at,
    limitKind: 'cost_daily',
    limit: 5,
    used: 4,
    remaining: 1,
    endedAt: limits.ended_at,
    turnId,
    cause: 'model_timeout',
    result: { answer: 'One two' },
  })
  expect(reply.text).toBe('One two')
  expect((await readAll(reply)).at(-1)).toEqual({ type: 'error', error })
  const pieces: string[] = []
  const iterate = async () => {
    for await (const piece of reply) pieces.push(piece)
  }
  await expect(iterate()).rejects.toBe(error)
  expect(pieces.join('')).toBe('One two')
})

test('a user who is blocked gets the message', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  await open.socket.next()
  for (const frame of [accepted('m-1'), turnFrame('blocked', [1, 1], { message: 'Ask Ada.' })])
    open.socket.send(frame)
  await expect(reply.result()).rejects.toMatchObject({ code: 'blocked', message: 'Ask Ada.' })
  expect((await readAll(reply)).at(-1)).toMatchObject({ type: 'blocked' })
})

test.each([
  [{ type: 'blocked', message: 'Ask Ada.' }, 1008, { code: 'blocked', message: 'Ask Ada.' }],
  [failure({ code: 'account_inactive' }), 1008, { code: 'account_inactive' }],
  [failure({ code: 'not_found' }), 4403, { code: 'not_found' }],
  [undefined, 1008, { code: 'refused', message: 'Missing X-User-Id header' }],
])('a refused connection reports why (%#)', async (frame, code, expected) => {
  await using server = await openScriptedServer()
  const opening = connect({ url: server.url, ...atOnce })
  const socket = await server.nextSocket()
  if (frame) socket.send(frame)
  socket.close(code, 'Missing X-User-Id header')
  await expect(opening).rejects.toMatchObject(expected)
})

test('a server that is not there is reported at once', async () => {
  const error = { code: 'connection_failed', message: 'The server cannot be reached.' }
  await expect(connect({ url: 'http://127.0.0.1:1', token: 't' })).rejects.toMatchObject(error)
})

test.each([
  [
    401,
    { error: 'This login has been ended.', code: 'login_revoked' },
    { code: 'login_revoked', status: 401 },
  ],
  [403, { error: 'Not this page.', code: 'foreign_origin' }, { code: 'foreign_origin', status: 403 }],
  [503, { error: 'Shutting down.', code: 'draining' }, { code: 'draining', message: 'Shutting down.' }],
  [404, {}, { code: 'connection_failed', message: expect.stringContaining('cannot be reached') }],
  [200, {}, { code: 'connection_failed', message: expect.stringContaining('opens no WebSocket') }],
])('a refused upgrade has the reason that a plain request is given: HTTP %i', async (status, body, error) => {
  await using server = await openScriptedServer()
  server.refuseUpgrades(status, body)
  await expect(connect({ url: server.url, token: 't', ...atOnce })).rejects.toMatchObject(error)
})

test("a page's own tickets are not judged by a request that has none", async () => {
  await using server = await openScriptedServer()
  server.refuseUpgrades(401, { error: 'No access token.', code: 'token_missing' })
  const opening = connect({ url: server.url, ticket: async () => 'used', ...atOnce })
  await expect(opening).rejects.toMatchObject({ code: 'connection_failed' })
})

describe('in a page of an origin that the server does not let in', () => {
  beforeEach(
    () => void vi.stubGlobal('location', { href: 'https://page.test/', origin: 'https://page.test' }),
  )
  afterEach(() => void vi.unstubAllGlobals())

  /** As a browser: no answer may be read, and a request that wants none gets through. */
  const fetchAsPage = async (_url: unknown, request?: RequestInit): Promise<Response> => {
    if (request?.mode !== 'no-cors') throw new TypeError('Failed to fetch')
    return Response.error()
  }
  const fetchNothing = () => Promise.reject(new TypeError('Failed to fetch'))
  const refused = { code: 'foreign_origin', message: expect.stringContaining('https://page.test') }
  const lost = { code: 'connection_failed' }

  test.each([
    [fetchAsPage, refused],
    [fetchNothing, lost],
  ])('connecting says so, but only where the server is there (%#)', async (fetch, error) => {
    await using server = await openScriptedServer()
    server.refuseUpgrades(403)
    const withCookie = connect({ url: server.url, fetch, hasSocketHeaders: false, ...atOnce })
    await expect(withCookie).rejects.toMatchObject(error)
    const withToken = connect({ url: server.url, fetch, hasSocketHeaders: false, token: 't', ...atOnce })
    await expect(withToken).rejects.toMatchObject(error)
  })

  test.each([
    [fetchAsPage, refused],
    [fetchNothing, lost],
  ])('asking and logging in say so, too (%#)', async (fetch, error) => {
    const url = 'http://127.0.0.1:1'
    const reply = ask('Hello', { url, fetch, retry: { baseMs: 0, tries: 1 } })
    await expect(reply.result()).rejects.toMatchObject(error)
    const login = logIn({ url, fetch, username: 'ada', password: 'secret' })
    await expect(login).rejects.toMatchObject(error)
  })
})

test('an address that is none is refused with what to give', async () => {
  await expect(connect({ url: 'chat.example.org' })).rejects.toMatchObject({ code: 'invalid_url' })
  const login = logIn({ url: '/', username: 'ada', password: 'secret' })
  await expect(login).rejects.toMatchObject({ code: 'invalid_url' })
})

test('a platform without WebSocket gets an error that says what to give', async () => {
  vi.stubGlobal('WebSocket', undefined)
  try {
    const opening = connect({ url: 'http://127.0.0.1:1' })
    await expect(opening).rejects.toMatchObject({
      code: 'no_web_socket',
      message: expect.stringContaining('ws'),
    })
  } finally {
    vi.unstubAllGlobals()
  }
})

test('a refused ticket reports the server’s reason', async () => {
  await using server = await openScriptedServer()
  const opening = connect({ url: server.url, token: 'bad', hasSocketHeaders: false, ...atOnce })
  const { response } = await server.nextRequest()
  response.writeHead(401, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: 'This login has been ended.', code: 'login_revoked' }))
  await expect(opening).rejects.toMatchObject({ code: 'login_revoked', status: 401 })
})

test.each(['accept_unknown', 'unavailable'])('after %s the same message is sent again', async (code) => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  const sent = await open.socket.next()
  open.socket.send(failure({ code, client_msg_id: 'm-1', retry_after_ms: 1 }))
  expect(await open.socket.next()).toEqual(sent)
  for (const frame of [accepted('m-1'), done([1, 1], 'yes')]) open.socket.send(frame)
  expect(await reply.result()).toMatchObject({ answer: 'yes' })
})

test('a message that came too fast is sent again, though the error does not name it', async () => {
  await using open = await openChat()
  open.chat.send('Hello', { clientMsgId: 'm-1' })
  const sent = await open.socket.next()
  open.socket.send(failure({ code: 'too_many_frames', retry_after_ms: 1 }))
  expect(await open.socket.next()).toEqual(sent)
})

test('a message that the server never takes fails in the end', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello', { clientMsgId: 'm-1' })
  const refuse = async (): Promise<void> => {
    await open.socket.next()
    open.socket.send(failure({ code: 'accept_unknown', client_msg_id: 'm-1', retry_after_ms: 0 }))
    return refuse()
  }
  void refuse()
  await expect(reply.result()).rejects.toMatchObject({ code: 'accept_unknown' })
})

test('a message that the server refuses fails, and the next one does not', async () => {
  await using open = await openChat()
  const first = open.chat.send('Hello', { clientMsgId: 'm-1' })
  const second = open.chat.send('Hello', { clientMsgId: 'm-2' })
  open.socket.send(failure({ code: 'queue_full', client_msg_id: 'm-1' }))
  await expect(first.result()).rejects.toMatchObject({ code: 'queue_full' })
  for (const frame of [accepted('m-2'), done([1, 1], 'yes')]) open.socket.send(frame)
  expect(await second.result()).toMatchObject({ answer: 'yes' })
})

test('texts that the server would refuse are not sent', async () => {
  await using open = await openChat()
  expect(textBounds).toEqual({ characters: wireBounds.textLength, frameBytes: wireBounds.framePayloadBytes })
  await expect(open.chat.send(' \n').result()).rejects.toMatchObject({ code: 'invalid_text' })
  await expect(open.chat.send('x'.repeat(32_001)).result()).rejects.toMatchObject({ code: 'text_too_long' })
  await expect(open.chat.send('€'.repeat(31_000)).result()).rejects.toMatchObject({ code: 'text_too_long' })
  open.chat.send('x'.repeat(32_000))
  expect(await open.socket.next()).toMatchObject({ text: 'x'.repeat(32_000) })
})

test('a message that a server with a lower bound closes for is not sent again', async () => {
  await using open = await openChat()
  const reply = open.chat.send('Hello')
  await open.socket.next()
  open.socket.close(1009)
  await expect(reply.result()).rejects.toMatchObject({ code: 'text_too_long' })
  const next = await open.server.nextSocket()
  next.welcome()
  open.chat.send('short')
  expect(await next.next()).toMatchObject({ text: 'short' })
})

test('so many messages may be open, one more is refused', async () => {
  await using open = await openChat()
  for (let count = 0; count < mostOpenTurns; count += 1) open.chat.send('Hello')
  await expect(open.chat.send('Hello').result()).rejects.toMatchObject({ code: 'queue_full' })
})

test('a message under the id of an open one - has its reply, and fails where it says something else', async () => {
  await using open = await openChat()
  const first = open.chat.send('Hello', { clientMsgId: 'm-1' })
  expect(open.chat.send('Hello', { clientMsgId: 'm-1' })).toBe(first)
  const other = open.chat.send('Bye', { clientMsgId: 'm-1' })
  await expect(other.result()).rejects.toMatchObject({ code: 'idempotency_mismatch' })
  for (const frame of [accepted('m-1'), done([1, 1], 'yes')]) open.socket.send(frame)
  expect(await first.result()).toMatchObject({ answer: 'yes' })
})
