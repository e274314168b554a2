import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { openFaultProxy } from '../src/index.ts'

async function openEcho() {
  const server = createServer((socket) => socket.on('error', () => {}).pipe(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: async () => void server.close() }
}

async function openClient(port: number): Promise<Socket> {
  const client = connect(port, '127.0.0.1').setEncoding('utf8')
  client.on('error', () => {})
  await once(client, 'connect')
  return client
}

async function echo(client: Socket, text: string): Promise<string> {
  client.write(text)
  const [answer]: unknown[] = await once(client, 'data')
  return String(answer)
}

test('stall - holds everything back until resume, in order', async () => {
  await using server = await openEcho()
  await using proxy = await openFaultProxy({ targetPort: server.port })
  const relayed = await openClient(proxy.port)
  const direct = await openClient(server.port)
  expect(await echo(relayed, 'before')).toBe('before')

  const finished: string[] = []
  proxy.stall()
  const held = echo(relayed, 'held').then((text) => finished.push(text))
  // Far longer than a relay that does not stall would take.
  for (let trip = 0; trip < 200; trip++) await echo(direct, 'direct')
  finished.push('direct')
  proxy.resume()
  await held
  expect(finished).toEqual(['direct', 'held'])
})

test('dropAll - resets connections and accepts new ones', async () => {
  await using server = await openEcho()
  await using proxy = await openFaultProxy({ targetPort: server.port })
  const dropped = await openClient(proxy.port)
  await echo(dropped, 'first')
  proxy.dropAll()
  await expect(once(dropped, 'close')).rejects.toThrow('ECONNRESET')
  const client = await openClient(proxy.port)
  proxy.delay(1)
  expect(await echo(client, 'delayed')).toBe('delayed')
})

test('limit - a narrow line takes its time for each byte', async () => {
  await using server = await openEcho()
  await using proxy = await openFaultProxy({ targetPort: server.port })
  const narrow = await openClient(proxy.port)
  const direct = await openClient(server.port)
  proxy.limit(4)
  const finished: string[] = []
  const late = echo(narrow, 'narrow').then((text) => finished.push(text))
  finished.push(await echo(direct, 'direct'))
  await late
  expect(finished).toEqual(['direct', 'narrow'])
})
