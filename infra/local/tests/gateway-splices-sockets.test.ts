import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { expect, test } from 'vitest'
import { openTestGateway } from './open-test-gateway.ts'
import { openUpstream, switching } from './open-upstream.ts'
import { requestUpgrade } from './request-upgrade.ts'

const vouching: { respond: RequestListener } = {
  respond: (_request, response) => {
    response.writeHead(200, {
      'x-user-id': '7',
      'x-user-username': 'seven',
      'x-user-role': 'developer',
      'x-omni2-identity': 'signed',
    })
    response.end()
  },
}

test('socket - auth vouches - the edge sees the identity of auth and none of the client', async () => {
  await using auth = await openUpstream(vouching)
  await using edge = await openUpstream({ upgrade: switching })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })

  const { status, socket } = await requestUpgrade(`${gateway.url}/ws/chat?ticket=t`, {
    'x-user-id': '1',
    'x-user-role': 'admin',
    'x-omni2-identity': 'forged',
    'x-forwarded-for': '10.0.0.1',
    'x-forwarded-uri': '/other',
    'x-real-ip': '10.0.0.1',
    authorization: 'Bearer token',
    cookie: 'session=1',
    origin: 'http://origin',
  })
  expect(status).toBe(101)
  expect(auth.seen).toMatchObject([
    {
      url: '/validate',
      headers: {
        authorization: 'Bearer token',
        cookie: 'session=1',
        origin: 'http://origin',
        'x-forwarded-method': 'GET',
        'x-forwarded-uri': '/ws/chat?ticket=t',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
      },
    },
  ])
  expect(auth.seen[0]?.headers).not.toHaveProperty('x-user-id')
  expect(edge.seen).toMatchObject([
    {
      url: '/ws/chat?ticket=t',
      headers: {
        'x-user-id': '7',
        'x-user-username': 'seven',
        'x-user-role': 'developer',
        'x-omni2-identity': 'signed',
        'x-forwarded-for': '127.0.0.1',
        'x-real-ip': '127.0.0.1',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      },
    },
  ])
  socket?.destroy()
})

test('socket - after the 101 - bytes of both sides arrive as they were sent, and so does the end', async () => {
  await using auth = await openUpstream(vouching)
  await using edge = await openUpstream({ upgrade: switching })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  const { socket: client } = await requestUpgrade(`${gateway.url}/ws/chat`)
  const [server] = edge.sockets
  if (client === undefined || server === undefined) throw new Error('no socket')

  const there = randomBytes(300_000)
  const back = randomBytes(300_000)
  const [atServer, atClient] = [collect(server), collect(client)]
  client.end(there)
  server.end(back)
  expect((await atServer).equals(there)).toBe(true)
  expect((await atClient).equals(back)).toBe(true)
})

test('socket - a client that does not read - stops the edge that writes, then gets everything', async () => {
  await using auth = await openUpstream(vouching)
  await using edge = await openUpstream({ upgrade: switching })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  const { socket: client } = await requestUpgrade(`${gateway.url}/ws/chat`)
  const [server] = edge.sockets
  if (client === undefined || server === undefined) throw new Error('no socket')
  client.pause()

  const mebibytes = 64
  let taken = 0
  for (let part = 0; part < mebibytes; part += 1) server.write(Buffer.alloc(1 << 20), () => (taken += 1))
  server.end()
  for (let before = -1; before !== taken;) {
    before = taken
    for (let trip = 0; trip < 20; trip += 1) await fetch(`${gateway.url}/nothing`)
  }
  expect(taken).toBeLessThan(mebibytes / 2)
  expect((await collect(client)).byteLength).toBe(mebibytes << 20)
})

test('socket - one side is cut off - the other side ends', async () => {
  await using auth = await openUpstream(vouching)
  await using edge = await openUpstream({ upgrade: switching })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  const first = await requestUpgrade(`${gateway.url}/ws/chat`)
  edge.sockets[0]?.destroy()
  first.socket?.resume()
  await once(first.socket ?? process, 'close')
  expect(first.socket?.readableEnded).toBe(true)

  const second = await requestUpgrade(`${gateway.url}/ws/chat`)
  edge.sockets[1]?.resume()
  const ended = once(edge.sockets[1] ?? process, 'end')
  second.socket?.resetAndDestroy()
  await ended
  expect(edge.seen).toHaveLength(2)
})

test('socket - auth refuses - the refusal reaches the client as it is and no edge is asked', async () => {
  const body = '{"error":"Token expired","code":"token_expired"}'
  await using auth = await openUpstream({
    respond: (_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer' }).end(body)
    },
  })
  await using edge = await openUpstream({ upgrade: switching })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  const refused = await requestUpgrade(`${gateway.url}/ws/chat`)
  expect(refused).toMatchObject({ status: 401, body, headers: { 'www-authenticate': 'Bearer' } })
  expect(edge.seen).toEqual([])
})

test('socket - the edge refuses - its 401 stays a 401', async () => {
  await using auth = await openUpstream(vouching)
  const upgrade =
    'HTTP/1.1 401 Unauthorized\r\nContent-Length: 7\r\nConnection: close\r\nX-Why: proof\r\n\r\nrefused'
  await using edge = await openUpstream({ upgrade })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [edge.url] })
  const refused = await requestUpgrade(`${gateway.url}/ws/chat`)
  expect(refused).toMatchObject({ status: 401, body: 'refused', headers: { 'x-why': 'proof' } })
})

test('socket - two edges - take turns; one that is gone is skipped; none left is 503', async () => {
  await using auth = await openUpstream(vouching)
  await using stays = await openUpstream({ upgrade: switching })
  await using edges = new AsyncDisposableStack()
  const goes = await openUpstream({ upgrade: switching })
  await using gateway = await openTestGateway({ auth: auth.url, edges: [stays.url, goes.url] })
  const connect = async () => {
    const { status, socket, body } = await requestUpgrade(`${gateway.url}/ws/chat`)
    socket?.destroy()
    return { status, body }
  }
  for (let sockets = 0; sockets < 6; sockets += 1) await connect()
  expect([stays.seen.length, goes.seen.length]).toEqual([3, 3])

  await goes[Symbol.asyncDispose]()
  for (let sockets = 0; sockets < 4; sockets += 1) expect((await connect()).status).toBe(101)
  expect(stays.seen.length).toBe(7)

  edges.use(stays)
  await edges.disposeAsync()
  const none = await connect()
  expect(none.status).toBe(503)
  expect(JSON.parse(none.body)).toMatchObject({ code: 'upstream_unavailable' })
})

async function collect(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
