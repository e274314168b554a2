import { once } from 'node:events'
import type { RequestListener, ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { openTestGateway } from './open-test-gateway.ts'
import { openUpstream } from './open-upstream.ts'

const vouch: RequestListener = (_request, response) => {
  response.writeHead(200, { 'x-user-id': '7', 'x-omni2-identity': 'signed' }).end()
}

/** An edge whose answers the test writes. */
async function openEdge() {
  const answers: ServerResponse[] = []
  const asked = Promise.withResolvers<ServerResponse>()
  const upstream = await openUpstream({
    respond: (request, response) => {
      answers.push(response)
      request.resume().once('end', () => asked.resolve(response))
    },
  })
  return { ...upstream, answers, asked: asked.promise }
}

test.each(['/ask/stream', '/api/v1/chat/ask/stream'])(
  '%s - auth vouches - reaches an edge with that identity and streams each event as it comes',
  async (path) => {
    await using auth = await openUpstream({ respond: vouch })
    await using edge = await openEdge()
    await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
    const asking = fetch(`${gateway.url}${path}?x=1`, {
      method: 'POST',
      body: '{"message":"hello"}',
      headers: { 'x-user-id': '1', 'x-omni2-identity': 'forged', 'idempotency-key': 'k' },
    })
    const answer = await edge.asked
    expect(auth.seen).toMatchObject([
      { headers: { 'x-forwarded-method': 'POST', 'x-forwarded-uri': `${path}?x=1` } },
    ])
    expect(edge.seen).toMatchObject([
      {
        url: `${path}?x=1`,
        method: 'POST',
        headers: { 'x-user-id': '7', 'x-omni2-identity': 'signed', 'idempotency-key': 'k' },
      },
    ])
    answer.writeHead(200, { 'content-type': 'text/event-stream', 'x-session-id': 's' }).write('retry: 1\n\n')
    const response = await asking
    expect(response.headers.get('x-session-id')).toBe('s')
    const reader = response.body?.getReader()
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('retry: 1\n\n')
    for (const event of ['event: one\n\n', ': comment\n\n', 'event: two\n\n']) {
      answer.write(event)
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe(event)
    }
    answer.end()
    expect((await reader?.read())?.done).toBe(true)
  },
)

test('stream - auth refuses - is its answer, and no edge is asked', async () => {
  await using auth = await openUpstream({
    respond: (_request, response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"code":"token_missing"}'),
  })
  await using edge = await openUpstream()
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  for (const [method, path] of [
    ['POST', '/ask/stream'],
    ['GET', '/ask/stream/0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'],
    ['DELETE', '/ask/0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'],
  ] as const) {
    const response = await fetch(`${gateway.url}${path}`, { method })
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ code: 'token_missing' })
  }
  expect(edge.seen).toEqual([])
})

test('stream - a client that leaves - is left by the gateway too', async () => {
  await using auth = await openUpstream({ respond: vouch })
  await using edge = await openEdge()
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  const leaving = new AbortController()
  const asking = fetch(`${gateway.url}/ask/stream`, { method: 'POST', body: '{}', signal: leaving.signal })
  const answer = await edge.asked
  answer.writeHead(200).write('event: one\n\n')
  await asking
  const closed = once(answer, 'close')
  leaving.abort()
  await closed
  expect(answer.writableFinished).toBe(false)
})

test('stream - an edge that dies in the middle - breaks it off, so that the client resumes', async () => {
  await using auth = await openUpstream({ respond: vouch })
  await using edge = await openEdge()
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  const asking = fetch(`${gateway.url}/ask/stream`, { method: 'POST', body: '{}' })
  const answer = await edge.asked
  answer.writeHead(200).write('event: one\n\n')
  const reader = (await asking).body?.getReader()
  expect((await reader?.read())?.done).toBe(false)
  answer.destroy()
  await expect(reader?.read()).rejects.toThrow('terminated')
})

test('stream - its question was long and its answer pauses - goes on', async () => {
  await using auth = await openUpstream({ respond: vouch })
  await using edge = await openEdge()
  const env = { GATEWAY_STALL_TIMEOUT_MS: '200' }
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url], env })
  const body = JSON.stringify({ message: 'x'.repeat(500_000) })
  const asking = fetch(`${gateway.url}/ask/stream`, { method: 'POST', body })
  const answer = await edge.asked
  answer.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: one\n\n')
  const reader = (await asking).body?.getReader()
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('event: one\n\n')
  // A pause of several times what a side may take nothing.
  await new Promise((resolve) => setTimeout(resolve, 1000))
  answer.end('event: two\n\n')
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('event: two\n\n')
})
