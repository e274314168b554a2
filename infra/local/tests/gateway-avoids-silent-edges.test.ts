import { expect, test } from 'vitest'
import { openLogger } from '@omni2/service-kit'
import { openTestGateway } from './open-test-gateway.ts'
import { openRawUpstream } from './open-raw-upstream.ts'
import { openUpstream, switching } from './open-upstream.ts'
import { probeEdges } from '../src/gateway/probe-edges.ts'
import { requestUpgrade } from './request-upgrade.ts'

const log = openLogger({ name: 'gateway', instance: 'gateway', level: 'silent' })

test('an edge that accepts connections and answers none is passed over until it answers', async () => {
  let isFrozen = true
  await using auth = await openUpstream({
    respond: (_request, response) => void response.writeHead(200, { 'x-user-id': '7' }).end(),
  })
  await using frozen = await openRawUpstream((socket) => {
    if (!isFrozen) socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n')
  })
  await using alive = await openUpstream({ upgrade: switching })
  const stop = new AbortController()
  using _ = { [Symbol.dispose]: () => stop.abort() }
  const edges = [frozen.url, alive.url]
  const silent = probeEdges(edges, { log, stopping: stop.signal })
  await using gateway = await openTestGateway({ auth: auth.url, edges, silent })
  await expect.poll(() => [...silent]).toEqual([frozen.url])

  for (let time = 0; time < 4; time += 1) {
    const { status, socket } = await requestUpgrade(`${gateway.url}/ws/chat`)
    socket?.on('error', () => {}).destroy()
    expect(status).toBe(101)
  }

  isFrozen = false
  await expect.poll(() => silent.size).toBe(0)
})

test('an edge that is taken off the list while it is silent is forgotten', async () => {
  await using frozen = await openRawUpstream(() => {})
  const stop = new AbortController()
  using _ = { [Symbol.dispose]: () => stop.abort() }
  const edges = [frozen.url]
  const silent = probeEdges(edges, { log, stopping: stop.signal })
  await expect.poll(() => silent.size).toBe(1)
  edges.length = 0
  await expect.poll(() => silent.size).toBe(0)
})
