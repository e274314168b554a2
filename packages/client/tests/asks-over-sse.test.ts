import { once } from 'node:events'
import { expect, test } from 'vitest'
import { ask, type AskOptions, type Reply } from '../src/index.ts'
import { accepted, done, makeResult, turnId, token, turnFrame } from './frames.ts'
import { atOnce, awaitEvent, readAll } from './open-chat.ts'
import { openScriptedServer, type ScriptedRequest, type ScriptedServer } from './scripted-server.ts'

interface Asked extends AsyncDisposable {
  readonly server: ScriptedServer
  readonly reply: Reply
  /** The POST. */
  readonly posted: ScriptedRequest
}

async function openAsk(options: Partial<AskOptions> = {}): Promise<Asked> {
  const server = await openScriptedServer()
  const reply = ask('Hello', { url: server.url, token: 'token-1', clientMsgId: 'm-1', ...atOnce, ...options })
  return {
    server,
    reply,
    posted: await server.nextRequest(),
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  }
}

const streamHeaders = { 'content-type': 'text/event-stream', 'x-session-id': turnId }

/** Writes frames as the bridge does, after a keep-alive comment. */
function stream({ response }: ScriptedRequest, frames: ReturnType<typeof turnFrame>[]): void {
  if (!response.headersSent) response.writeHead(200, streamHeaders)
  response.write(': keep-alive\n\n')
  for (const frame of frames) {
    const id = `${frame.session_id}:${frame.attempt}:${frame.seq}`
    response.write(`event: ${frame.type}\nid: ${id}\ndata: ${JSON.stringify(frame)}\n\n`)
  }
}

function refuse({ response }: ScriptedRequest, status: number, body: object, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

test('an ask is a POST with an idempotency key, and its stream is the reply', async () => {
  await using open = await openAsk()
  const { request, body } = open.posted
  expect([request.method, request.url]).toEqual(['POST', '/ask/stream'])
  expect(JSON.parse(body)).toEqual({ message: 'Hello' })
  expect(request.headers).toMatchObject({ authorization: 'Bearer token-1', 'idempotency-key': 'm-1' })
  stream(open.posted, [
    accepted('m-1'),
    turnFrame('started', [1, 1]),
    token([1, 2], 'Ja, sch'),
    token([1, 3], 'ön'),
  ])
  stream(open.posted, [done([1, 4], 'Ja, schön')])
  expect(await open.reply.result()).toEqual(makeResult('Ja, schön'))
  expect(open.reply.turnId).toBe(turnId)
  expect((await readAll(open.reply))[0]).toEqual({ type: 'accepted', session_id: turnId })
})

test('a deployment may have a path of its own', async () => {
  await using server = await openScriptedServer()
  const reply = ask('Hello', { url: `${server.url}/omni2/`, ...atOnce })
  const posted = await server.nextRequest()
  stream(posted, [accepted('m-1')])
  posted.response.end()
  const resumed = await server.nextRequest()
  reply.cancel()
  const stopped = await server.nextRequest()
  expect([posted, resumed, stopped].map(({ request }) => `${request.method} ${request.url}`)).toEqual([
    'POST /omni2/ask/stream',
    `GET /omni2/ask/stream/${turnId}`,
    `DELETE /omni2/ask/${turnId}`,
  ])
  stopped.response.writeHead(202).end()
  stream(resumed, [done([1, 1], 'yes')])
  await reply.result()
})

test('an address that is none is refused with what to give', async () => {
  const reply = ask('Hello', { url: 'chat.example.org', ...atOnce })
  await expect(reply.result()).rejects.toMatchObject({ code: 'invalid_url' })
})

test('a broken stream is resumed from its cursor', async () => {
  await using open = await openAsk()
  stream(open.posted, [accepted('m-1'), token([1, 1], 'One')])
  await awaitEvent(open.reply, 'token')
  open.posted.response.destroy()
  const resumed = await open.server.nextRequest()
  expect([resumed.request.method, resumed.request.url]).toEqual(['GET', `/ask/stream/${turnId}`])
  expect(resumed.request.headers['last-event-id']).toBe(`${turnId}:1:1`)
  stream(resumed, [turnFrame('snapshot', [1, 2], { text: 'One two' }), done([1, 3], 'One two')])
  expect(await open.reply.result()).toMatchObject({ answer: 'One two' })
})

test('a stream that ends without an end, falls silent or has a gap is resumed', async () => {
  await using open = await openAsk({ quietMs: 1000 })
  stream(open.posted, [token([1, 1], 'a')])
  open.posted.response.end()
  const silent = await open.server.nextRequest()
  stream(silent, [token([1, 2], 'b')])
  const gapped = await open.server.nextRequest()
  stream(gapped, [token([1, 5], 'e')])
  const last = await open.server.nextRequest()
  expect(last.request.headers['last-event-id']).toBe(`${turnId}:1:2`)
  stream(last, [done([1, 6], 'abcde')])
  expect(await open.reply.result()).toMatchObject({ answer: 'abcde' })
})

test('an ask whose fate is unknown is posted again with the same key', async () => {
  await using open = await openAsk()
  open.posted.response.destroy()
  const second = await open.server.nextRequest()
  refuse(second, 503, { error: 'Unknown.', code: 'accept_unknown', retry_after_ms: 1 })
  const third = await open.server.nextRequest()
  expect(third.request.headers['idempotency-key']).toBe('m-1')
  stream(third, [done([1, 1], 'yes')])
  expect(await open.reply.result()).toMatchObject({ answer: 'yes' })
})

test.each([
  [422, { error: 'Empty.', code: 'invalid_text' }, { code: 'invalid_text', message: 'Empty.', status: 422 }],
  [403, { error: 'Ask Ada.', code: 'blocked' }, { code: 'blocked', message: 'Ask Ada.' }],
  [429, { error: 'Slow.', code: 'rate_limited' }, { code: 'rate_limited', retryAfterMs: 3000 }],
  [404, {}, { code: 'not_found', status: 404 }],
  [
    429,
    {
      error: 'Used up.',
      code: 'cost_limit',
      retry_after_ms: 900,
      reset_at: '2026-11-28T00:00:00.000Z',
      limit_kind: 'cost_daily',
      limit: 5,
      used: 4.5,
      remaining: 0.5,
      session_id: turnId,
    },
    {
      code: 'cost_limit',
      retryAfterMs: 900,
      resetAt: '2026-11-28T00:00:00.000Z',
      limitKind: 'cost_daily',
      limit: 5,
      used: 4.5,
      remaining: 0.5,
      turnId,
    },
  ],
  [
    422,
    { error: 'Odd.', code: 'invalid_frame', limit: 'five', reset_at: 5, retry_after_ms: null },
    { code: 'invalid_frame', limit: undefined, resetAt: undefined, retryAfterMs: undefined },
  ],
])('a refusal with HTTP %i is reported once', async (status, body, expected) => {
  await using open = await openAsk()
  refuse(open.posted, status, body, status === 429 ? { 'retry-after': '3' } : {})
  await expect(open.reply.result()).rejects.toMatchObject(expected)
})

test('what the body of a refusal does not say is read from its headers', async () => {
  await using open = await openAsk()
  const headers = { 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '0', 'retry-after': '7' }
  refuse(open.posted, 429, {}, headers)
  await expect(open.reply.result()).rejects.toMatchObject({ limit: 20, remaining: 0, retryAfterMs: 7000 })
})

test('an error that comes under both its names is one end', async () => {
  await using open = await openAsk()
  stream(open.posted, [token([1, 1], 'So')])
  await awaitEvent(open.reply, 'token')
  const frame = turnFrame('error', [1, 2], { error: 'Gone.', code: 'internal' })
  open.posted.response.write(`event: turn_error\ndata: ${JSON.stringify(frame)}\n\n`)
  stream(open.posted, [frame])
  const ends = (await readAll(open.reply)).filter(({ type }) => type === 'error')
  expect(ends).toMatchObject([{ error: { code: 'internal', message: 'Gone.' } }])
})

test('a refused proof is renewed once', async () => {
  const renewed: boolean[] = []
  await using open = await openAsk({ token: ({ renew }) => `t${renewed.push(renew)}` })
  refuse(open.posted, 401, { error: 'Expired.', code: 'login_expired' })
  const second = await open.server.nextRequest()
  expect(second.request.headers.authorization).toBe('Bearer t2')
  refuse(second, 401, { error: 'Expired.', code: 'login_expired' })
  await expect(open.reply.result()).rejects.toMatchObject({ code: 'login_expired', status: 401 })
  expect(renewed).toEqual([false, true])
})

test('a server that accepts but never answers is asked again', async () => {
  await using open = await openAsk({ quietMs: 1000 })
  const second = await open.server.nextRequest()
  stream(second, [done([1, 1], 'yes')])
  expect(await open.reply.result()).toMatchObject({ answer: 'yes' })
})

test('an error in the stream ends the reply', async () => {
  await using open = await openAsk()
  const end = turnFrame('error', [1, 2], { error: 'Overloaded.', code: 'model_overloaded' })
  stream(open.posted, [token([1, 1], 'One'), end])
  await expect(open.reply.result()).rejects.toMatchObject({ code: 'model_overloaded' })
})

test('a server that stays away is given up', async () => {
  await using open = await openAsk({ retry: { baseMs: 0, capMs: 0, tries: 2 } })
  const destroy = async (): Promise<void> => {
    const { response } = await open.server.nextRequest()
    response.destroy()
    return destroy()
  }
  open.posted.response.destroy()
  void destroy()
  await expect(open.reply.result()).rejects.toMatchObject({ code: 'connection_failed' })
})

test('cancel is a DELETE of the turn, also when it was wanted before the turn had an id', async () => {
  const stop = new AbortController()
  await using open = await openAsk({ signal: stop.signal })
  stop.abort()
  stream(open.posted, [accepted('m-1')])
  const first = await open.server.nextRequest()
  expect([first.request.method, first.request.url]).toEqual(['DELETE', `/ask/${turnId}`])
  expect(first.request.headers.authorization).toBe('Bearer token-1')
  refuse(first, 503, { error: 'Not now.', code: 'unavailable' })
  const second = await open.server.nextRequest()
  expect(second.request.method).toBe('DELETE')
  second.response.writeHead(202).end()
  stream(open.posted, [
    turnFrame('cancelled', [1, 1], { result: makeResult('', { stop_reason: 'cancelled' }) }),
  ])
  expect(await open.reply.result()).toMatchObject({ stop_reason: 'cancelled' })
})

test('a message is not posted once it is cancelled: before, while its proof is fetched, between two tries', async () => {
  await using server = await openScriptedServer()
  const options = { url: server.url, ...atOnce }
  const aborted = ask('Hello', { ...options, signal: AbortSignal.abort('enough') })
  await expect(aborted.result()).rejects.toMatchObject({ code: 'cancelled', cause: 'enough' })
  const fetched = Promise.withResolvers<string>()
  const proving = ask('Hello', { ...options, token: () => fetched.promise })
  proving.cancel()
  fetched.resolve('token-1')
  await expect(proving.result()).rejects.toMatchObject({ code: 'cancelled' })
  const refused = ask('Hello', { ...options, clientMsgId: 'refused' })
  const posted = await server.nextRequest()
  expect(posted.request.headers['idempotency-key']).toBe('refused')
  refused.cancel()
  refuse(posted, 503, { error: 'Not now.', code: 'unavailable', retry_after_ms: 60_000 })
  await expect(refused.result()).rejects.toMatchObject({ code: 'cancelled' })
  const waiting = ask('Hello', { ...options, clientMsgId: 'waiting' })
  const second = await server.nextRequest()
  expect(second.request.headers['idempotency-key']).toBe('waiting')
  refuse(second, 503, { error: 'Not now.', code: 'unavailable', retry_after_ms: 60_000 })
  await once(second.response, 'close')
  waiting.cancel()
  await expect(waiting.result()).rejects.toMatchObject({ code: 'cancelled' })
  expect(server.waitingRequests).toBe(0)
})

test('a message that the server may have is posted again to be stopped', async () => {
  await using open = await openAsk()
  open.posted.response.destroy()
  open.reply.cancel()
  const second = await open.server.nextRequest()
  refuse(second, 503, { error: 'Not now.', code: 'unavailable' })
  const third = await open.server.nextRequest()
  expect(third.request.headers['idempotency-key']).toBe('m-1')
  stream(third, [accepted('m-1')])
  const stopped = await open.server.nextRequest()
  expect(stopped.request.method).toBe('DELETE')
  stopped.response.writeHead(202).end()
  stream(third, [turnFrame('cancelled', [1, 1], { result: makeResult('', { stop_reason: 'cancelled' }) })])
  expect(await open.reply.result()).toMatchObject({ stop_reason: 'cancelled' })
})

test('a text that the server would refuse is not posted', async () => {
  await expect(ask('', { url: 'http://127.0.0.1:1' }).result()).rejects.toMatchObject({
    code: 'invalid_text',
  })
})
