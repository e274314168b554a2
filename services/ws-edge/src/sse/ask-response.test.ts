import { once } from 'node:events'
import { createServer, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Identity } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { openMetrics } from '@omni2/telemetry'
import { expect, test } from 'vitest'
import { readEdgeConfig } from '../config.ts'
import { Connections } from '../connection/connections.ts'
import { edgeMetrics } from '../metrics.ts'
import { AskResponse } from './ask-response.ts'

const identity: Identity = { user_id: 1, username: 'alice', role: 'user', sid: 'login', session_exp: 1 }
const config = readEdgeConfig({
  NATS_URL: 'nats://127.0.0.1',
  AUTH_JWKS_URL: 'http://127.0.0.1/',
  RESUME_TOKEN_SECRET: 'v9Qd3nRk7TzLw1XbGyHc5MpEs8UaJf2W',
})

/** A response whose client is gone. */
async function makeLeftResponse(): Promise<ServerResponse> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const asking = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
  asking.on('error', () => {}).end()
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  asking.destroy()
  await once(response, 'close')
  server.close()
  return response
}

test('a client that left before its response began - is no connection, and counted as gone', async () => {
  const { metrics, renderMetrics } = openMetrics(edgeMetrics)
  const connections = new Connections({ capacity: 1, perUser: 1 })
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const deps = { config, connections, metrics, random: Math.random, log }
  const reply = new AskResponse(await makeLeftResponse(), { identity }, deps)
  connections.add(reply)
  await connections.whenEmpty()
  expect([reply.ended.aborted, connections.count('sse')]).toEqual([true, 0])
  expect((await renderMetrics()).body).toContain('omni2_edge_sse_answers_total{result="client_left"} 1')
})
