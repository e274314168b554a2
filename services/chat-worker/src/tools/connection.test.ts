import {
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
  type Client,
} from '@modelcontextprotocol/client'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Connection } from './connection.ts'
import { SessionLostError } from './tool-errors.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const url = new URL('http://notes.invalid/mcp')

/** A client that was connected, with a session or without one. */
function openConnection(sessionId?: string) {
  const close = vi.fn<() => Promise<void>>(() => Promise.resolve())
  const transport = new StreamableHTTPClientTransport(url, sessionId === undefined ? {} : { sessionId })
  transport.terminateSession = () => Promise.resolve()
  const client = { close, transport } as unknown as Client
  return { connection: new Connection(client, { retireMs: 5000 }), close }
}

test('retired - closes when its work has ended', async () => {
  const { connection, close } = openConnection()
  const { promise, resolve } = Promise.withResolvers<void>()
  const working = connection.use(() => promise)
  connection.retire()
  await vi.advanceTimersByTimeAsync(4999)
  expect(close).not.toHaveBeenCalled()
  resolve()
  await working
  await vi.advanceTimersByTimeAsync(0)
  expect(close).toHaveBeenCalledOnce()
})

test('retired - waits a limited time for work that hangs', async () => {
  const { connection, close } = openConnection()
  void connection.use(() => new Promise(() => {}))
  connection.retire()
  await vi.advanceTimersByTimeAsync(5000)
  expect(close).toHaveBeenCalledOnce()
})

const refuse = (status: number) => () =>
  Promise.reject(new SdkHttpError(SdkErrorCode.ClientHttpNotImplemented, 'refused', { status }))

test.each([400, 404])('%i - the session is lost where there was one', async (status) => {
  const { connection } = openConnection('a')
  await expect(connection.use(refuse(status))).rejects.toThrow(SessionLostError)
})

test('an HTTP error is one like any other where there was no session, or it is another', async () => {
  await expect(openConnection().connection.use(refuse(404))).rejects.toThrow(SdkHttpError)
  await expect(openConnection('a').connection.use(refuse(500))).rejects.toThrow(SdkHttpError)
})
