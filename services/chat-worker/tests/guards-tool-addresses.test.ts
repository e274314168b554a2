import { parseAddressRange } from '@omni2/net'
import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import type { LookupAddress } from 'node:dns'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { AddressRefusedError, guardLookup } from '../src/tools/address-guard.ts'
import { openGuardedFetch } from '../src/tools/guarded-fetch.ts'
import { never, openToolWorld } from './tool-world.ts'

const stack = new AsyncDisposableStack()
afterEach(() => stack.disposeAsync())

async function openPlace(
  listener: RequestListener,
): Promise<{ url: string; port: number; requests: string[] }> {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(JSON.stringify({ url: request.url, headers: request.headers }))
    listener(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, requests }
}

test('guards - a private address that is not allowed - never connected to', async () => {
  await using world = await openToolWorld({ env: { MCP_ALLOWED_PRIVATE_CIDRS: '10.0.0.0/8' } })
  const { unreachable } = await world.toolbox.list(['notes'], never)
  expect(unreachable).toEqual([{ server: 'notes', reason: 'its address is not permitted' }])
  expect(world.notes.received).toEqual([])
})

test('guards - a name that answers with another address the second time - checked by the connection itself', async () => {
  const inside = await openPlace((_request, response) => response.end('inside'))
  const answers: LookupAddress[][] = [
    [{ address: '127.0.0.2', family: 4 }],
    [{ address: '169.254.169.254', family: 4 }],
    [
      { address: '127.0.0.2', family: 4 },
      { address: '::1', family: 6 },
    ],
  ]
  const asked: string[] = []
  const lookup = guardLookup([parseAddressRange('127.0.0.2/32')!], ((
    name: string,
    _options: unknown,
    done: Function,
  ) => {
    asked.push(name)
    done(null, answers.shift())
  }) as never)
  await using guarded = openGuardedFetch({
    allowed: [],
    connectTimeoutMs: 5000,
    responseMaxBytes: 100,
    lookup,
  })
  const fetch = () =>
    guarded.fetch(`http://rebinding.test:${inside.port}/`, { headers: { connection: 'close' } })
  await expect(fetch()).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } })
  await expect(fetch()).rejects.toMatchObject({ cause: expect.any(AddressRefusedError) })
  await expect(fetch()).rejects.toMatchObject({ cause: expect.any(AddressRefusedError) })
  expect(asked).toHaveLength(3)
  expect(inside.requests).toEqual([])
})

test('guards - a redirect to another host - not followed, and credentials are not sent', async () => {
  const elsewhere = await openPlace((_request, response) => response.end('{}'))
  await using world = await openToolWorld({ env: { MCP_LIST_RETRY_MS: '60000' } })
  world.notes.intercept = (_request, response) => response.writeHead(307, { location: elsewhere.url }).end()
  await world.database.query(
    `update omni2.mcp_servers set auth_type = 'bearer', auth_config = '{"token": "top-secret"}'`,
  )
  const { unreachable } = await world.toolbox.list(['notes'], never)
  expect(unreachable).toEqual([{ server: 'notes', reason: 'it redirects to another place' }])
  expect(elsewhere.requests).toEqual([])
})

test('guards - credentials of the row - sent with every request', async () => {
  await using world = await openToolWorld()
  await world.database.query(
    `update omni2.mcp_servers set auth_type = 'bearer', auth_config = '{"token": "top-secret"}'`,
  )
  expect(await world.call('read_note')).toMatchObject({ status: 'ok' })
  const sent = world.notes.received.filter(({ headers }) => headers.authorization === 'Bearer top-secret')
  expect(sent.map(({ method }) => method)).toContain('tools/call')
})

test('guards - an answer without an end - cut off', async () => {
  await using world = await openToolWorld({ env: { MCP_RESPONSE_MAX_BYTES: '20000' } })
  expect(await world.call('shout', { bytes: 19_000 })).toMatchObject({ status: 'ok' })
  const outcome = await world.call('shout', { bytes: 30_000 })
  expect(outcome).toMatchObject({ status: 'error' })
  expect(outcome.content).toMatch(/too large|broke off/)
})
