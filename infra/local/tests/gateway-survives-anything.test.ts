import { expect, test } from 'vitest'
import { openRawUpstream } from './open-raw-upstream.ts'
import { openTestGateway } from './open-test-gateway.ts'
import { openUpstream } from './open-upstream.ts'
import { makeHead, readRaw, sendRaw, upgradeLines } from './send-raw.ts'

// An error that nothing catches ends a process: vitest fails the file on one.

const vouch = 'HTTP/1.1 200 OK\r\nX-User-Id: 7\r\nContent-Length: 0\r\n\r\n'

test.each([
  ['GET', 'Trailer: X-Sum'],
  ['POST', 'Trailer: X-Sum\r\nContent-Length: 5'],
  ['POST', 'Connection: content-length\r\nContent-Length: 5'],
  ['GET', 'Connection: transfer-encoding\r\nContent-Length: 5'],
  ['POST', 'Expect: 100-continue\r\nContent-Length: 5'],
  ['GET', 'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\nConnection: Upgrade, HTTP2-Settings'],
])('request - %s with %j - reaches the service', async (method, lines) => {
  await using auth = await openUpstream({
    respond: (request, response) => void request.pipe(response),
  })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [auth.url] })
  const body = lines.includes('Content-Length') ? 'hello' : ''
  const head = makeHead(`${method} /auth/login HTTP/1.1`, lines, 'Connection: close')
  const answer = await readRaw(sendRaw(gateway.url, head + body))
  expect(answer).toMatch(/HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\n/)
  expect(answer).toContain(body)
  expect(auth.seen).toHaveLength(1)
  for (const name of ['trailer', 'expect', 'upgrade', 'http2-settings'])
    expect(auth.seen[0]?.headers).not.toHaveProperty(name)
})

test('request - a body whose framing is declared to be for one hop - is no second request at the service', async () => {
  await using auth = await openUpstream()
  await using gateway = await openTestGateway({ auth: auth.url, edges: [auth.url] })
  const smuggled = makeHead('GET /auth/smuggled HTTP/1.1', 'X-User-Id: 1')
  const chunk = `${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`
  const head = makeHead(
    'GET /auth/me HTTP/1.1',
    'Connection: close, transfer-encoding',
    'Transfer-Encoding: chunked',
  )
  await readRaw(sendRaw(gateway.url, head + chunk))
  expect(auth.seen.map(({ url }) => url)).toEqual(['/auth/me'])
})

test.each([
  'HTTP/1.1 000 Zero\r\nContent-Length: 2\r\n\r\nno',
  'HTTP/1.1 099 Less\r\nContent-Length: 2\r\n\r\nno',
  'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  'HTTP/1.1 101 Switching\r\nUpgrade: other\r\nConnection: Upgrade\r\n\r\n',
  'no HTTP at all\r\n\r\n',
  'HTTP/1.1 200 OK\r\nX-Half: ',
  '',
])('answer - %j to a request - is a 503 of the gateway', async (bytes) => {
  await using upstream = await openRawUpstream((socket) => socket.end(bytes, 'latin1'))
  await using gateway = await openTestGateway({ auth: upstream.url, edges: [upstream.url] })
  for (const path of ['/auth/me', '/ask/stream']) {
    const answer = await readRaw(sendRaw(gateway.url, makeHead(`GET ${path} HTTP/1.1`, 'Connection: close')))
    expect(answer).toMatch(/^HTTP\/1\.1 503 [^]*"code":"upstream_unavailable"/)
  }
  await upstream.whenLeft()
})

test.each([
  'HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n',
  'HTTP/1.1 000 Zero\r\nContent-Length: 2\r\n\r\nno',
  'HTTP/1.1 403 Forbidden\r\nContent-Length: 20\r\n\r\nno',
  'HTTP/1.1 403 Forbidden\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nno',
  `HTTP/1.1 403 Forbidden\r\nContent-Length: 70000\r\n\r\n${'x'.repeat(70_000)}`,
  'no HTTP at all\r\n\r\n',
  'HTTP/1.1 101 Switching\r\nUpgrade: web',
  '',
])('answer - %j to an upgrade - is a 503 of the gateway', async (bytes) => {
  await using auth = await openRawUpstream((socket) => socket.end(vouch))
  await using edge = await openRawUpstream((socket) => socket.end(bytes, 'latin1'))
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  const answer = await readRaw(sendRaw(gateway.url, makeHead(...upgradeLines)))
  expect(answer).toMatch(/^HTTP\/1\.1 503 [^]*"code":"upstream_unavailable"/)
  await edge.whenLeft()
})

test.each([
  'HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nContent-Length: 2\r\n\r\nok',
  'HTTP/1.1 200 \xe9\r\n\r\nok',
])('answer - %j - passes', async (bytes) => {
  await using upstream = await openRawUpstream((socket) => socket.end(bytes, 'latin1'))
  await using gateway = await openTestGateway({ auth: upstream.url, edges: [upstream.url] })
  const answer = await fetch(`${gateway.url}/auth/me`)
  expect(answer.status).toBe(200)
  expect(await answer.text()).toBe('ok')
})

test('answer - auth switches protocols, then resets - is a 503', async () => {
  const switching = 'HTTP/1.1 101 Switching\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
  await using auth = await openRawUpstream((socket) =>
    socket.write(switching, () => socket.resetAndDestroy()),
  )
  await using gateway = await openTestGateway({ auth: auth.url, edges: [auth.url] })
  for (let times = 0; times < 20; times += 1)
    expect((await fetch(`${gateway.url}/ask/stream`, { method: 'POST', body: '{}' })).status).toBe(503)
})

test.each([
  ['the service', '/auth/login', 413],
  ['the gateway', '/nothing', 404],
])(
  'answer - %s answers before it has read the body - the connection serves the next request',
  async (_by, path, status) => {
    await using auth = await openUpstream({
      respond: (request, response) => {
        response.writeHead(413).end('too much')
        request.resume()
      },
    })
    await using gateway = await openTestGateway({ auth: auth.url, edges: [auth.url] })
    const body = 'x'.repeat(4 << 20)
    const first = makeHead(`POST ${path} HTTP/1.1`, `Content-Length: ${body.length}`) + body
    const answer = await readRaw(
      sendRaw(gateway.url, first + makeHead(`GET ${path} HTTP/1.1`, 'Connection: close')),
    )
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`, `HTTP/1.1 ${status}`])
  },
)
