import { expect, test } from 'vitest'
import { McpServer } from './mcp-server.ts'
import { CallCancelledError, ConnectFailedError } from './tool-errors.ts'

const openFailing = () =>
  new McpServer(
    {
      name: 'notes',
      address: { kind: 'http', url: new URL('http://notes.invalid/mcp'), headers: {} },
      timeoutMs: 1000,
      retries: 0,
      retryDelayMs: 0,
    },
    {
      fetch: () => Promise.reject(new Error('down')),
      connectTimeoutMs: 1000,
      responseMaxBytes: 1000,
      listPages: 1,
      log: { warn: () => {} },
      maxTools: 1,
      noteHealth: () => {},
      listMaxAgeMs: 0,
      listRetryMs: 0,
      breakerFailures: 1,
      breakerOpenMs: 0,
    },
  )

const call = (server: McpServer, signal: AbortSignal) =>
  server.call(
    { name: 'read', arguments: {} },
    { inputSchema: {}, repeatable: false, permit: async () => {}, signal },
  )

test('a server that was to be tried by a call that was cancelled - still left alone', async () => {
  await using server = openFailing()
  await expect(call(server, new AbortController().signal)).rejects.toThrow(ConnectFailedError)
  expect(server.isCircuitOpen).toBe(true)
  await expect(call(server, AbortSignal.abort())).rejects.toThrow(CallCancelledError)
  expect(server.isCircuitOpen).toBe(true)
})
