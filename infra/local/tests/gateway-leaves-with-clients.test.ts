import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { openRawUpstream } from './open-raw-upstream.ts'
import { openTestGateway } from './open-test-gateway.ts'
import { makeHead, sendRaw, upgradeLines } from './send-raw.ts'

const vouch = 'HTTP/1.1 200 OK\r\nX-User-Id: 7\r\nContent-Length: 0\r\n\r\n'
const switching = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
const upgrade = makeHead(...upgradeLines)
const ask = makeHead('POST /ask/stream HTTP/1.1', 'Content-Length: 2')
const requests = { 'an upgrade': upgrade, 'a question': `${ask}{}`, 'half a question': ask }
const clients = 10

/** Where an upstream stops for ever: it never closes a connection by itself. */
const stops = {
  'while auth is asked': { auth: '', edge: '' },
  'in the middle of the answer of auth': {
    auth: 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 5\r\n\r\nno',
    edge: '',
  },
  'while the edge is asked': { auth: vouch, edge: '' },
  "in the middle of the edge's head": { auth: vouch, edge: 'HTTP/1.1 200 OK\r\nX-Half' },
  "in the middle of the edge's refusal": {
    auth: vouch,
    edge: 'HTTP/1.1 403 Forbidden\r\nContent-Length: 5\r\n\r\nno',
  },
  'after the 101': { auth: vouch, edge: switching },
}

/** The end of a client that still could read is noticed only where its connection is read. */
const soon = {
  GATEWAY_UPGRADE_TIMEOUT_MS: '400',
  GATEWAY_AUTH_TIMEOUT_MS: '400',
  GATEWAY_STALL_TIMEOUT_MS: '200',
}

const ways = {
  resets: (socket: Socket) => void socket.resetAndDestroy(),
  closes: (socket: Socket) => void socket.destroy(),
}

const cases = Object.entries(stops).flatMap(([stop, says]) =>
  Object.entries(ways).flatMap(([way, leave]) =>
    Object.entries(requests).map(([name, request]) => ({ stop, says, way, leave, name, request })),
  ),
)

test.each(cases)(
  'a client with $name that $way $stop leaves nothing behind',
  async ({ says, way, leave, request }) => {
    const reached = Promise.withResolvers<void>()
    let arrived = 0
    const stopAt = (bytes: string) => (socket: Socket) => {
      socket.on('end', () => {}).resume()
      socket.write(bytes, () => {
        if ((arrived += 1) === clients) reached.resolve()
      })
    }
    const never = says.auth !== vouch
    await using auth = await openRawUpstream(never ? stopAt(says.auth) : (socket) => socket.end(vouch))
    await using edge = await openRawUpstream(stopAt(says.edge))
    await using gateway = await openTestGateway({
      auth: auth.url,
      edges: [edge.url],
      env: way === 'closes' ? soon : {},
    })
    const sockets = Array.from({ length: clients }, () => sendRaw(gateway.url, request).resume())
    await reached.promise
    for (const socket of sockets) leave(socket)
    await Promise.all([auth.whenLeft(), edge.whenLeft()])
    expect([auth.open.size, edge.open.size]).toEqual([0, 0])
  },
)

test('a client that writes to a frozen edge is stopped, then both are cut off', async () => {
  await using auth = await openRawUpstream((socket) => socket.end(vouch))
  const frozen = Promise.withResolvers<void>()
  await using edge = await openRawUpstream((socket) => {
    socket.write(switching)
    socket.pause()
    frozen.resolve()
  })
  await using gateway = await openTestGateway({
    auth: auth.url,
    edges: [edge.url],
    env: { GATEWAY_STALL_TIMEOUT_MS: '300' },
  })
  const client = sendRaw(gateway.url, upgrade).resume()
  await frozen.promise
  const closed = new Promise((resolve) => client.once('close', resolve))
  const mebibytes = 64
  let taken = 0
  for (let part = 0; part < mebibytes; part += 1)
    client.write(Buffer.alloc(1 << 20), (error) => (taken += error ? 0 : 1))
  await closed
  expect(taken).toBeLessThan(mebibytes / 2)
  for (const socket of edge.open) socket.resume()
  await edge.whenLeft()
})

test('an edge that ends while a client takes nothing is not kept', async () => {
  await using auth = await openRawUpstream((socket) => socket.end(vouch))
  await using edge = await openRawUpstream((socket) => {
    socket.write(switching)
    for (let part = 0; part < 64; part += 1) socket.write(Buffer.alloc(1 << 20))
    socket.end()
  })
  await using gateway = await openTestGateway({
    auth: auth.url,
    edges: [edge.url],
    env: { GATEWAY_STALL_TIMEOUT_MS: '300' },
  })
  using stuck = new DisposableStack()
  const client = stuck.adopt(sendRaw(gateway.url, upgrade).pause(), (socket) => socket.destroy())
  await once(client, 'connect')
  await expect.poll(() => edge.open.size, { timeout: 20_000 }).toBe(1)
  await edge.whenLeft()
})
