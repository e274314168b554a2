import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { stopListening } from './stop-listening.ts'

test('serves existing connections, refuses later ones, and resolves with the end of the last', async () => {
  const server = createServer((_request, response) => response.end('served')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const join = () => connect(port, '127.0.0.1')
  const early = Array.from({ length: 100 }, join)
  await once(early[0] ?? process, 'connect')
  const stopped = stopListening(server)
  await expect.poll(() => server.listening).toBe(false)
  await expect(once(join(), 'connect')).rejects.toThrow('ECONNREFUSED')
  const answers = early.map((socket) => {
    socket.end('GET / HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n\r\n')
    return text(socket)
  })
  expect(await Promise.all(answers)).toEqual(early.map(() => expect.stringMatching(/200 OK[^]*served$/)))
  await stopped
})
