import { expect, test } from 'vitest'
import { McpServer } from '../src/tools/mcp-server.ts'
import { openMcpDouble, type McpDouble } from './mcp-double.ts'

const { signal } = new AbortController()

const openServer = ({ url }: McpDouble) =>
  new McpServer(
    {
      name: 'notes',
      address: { kind: 'http', url: new URL(url), headers: {} },
      timeoutMs: 20_000,
      retries: 0,
      retryDelayMs: 0,
    },
    {
      fetch,
      connectTimeoutMs: 20_000,
      responseMaxBytes: 1_000_000,
      listPages: 1,
      log: { warn: () => {} },
      maxTools: 10,
      noteHealth: () => {},
      listMaxAgeMs: 600_000,
      listRetryMs: 0,
      breakerFailures: 100,
      breakerOpenMs: 0,
    },
  )

test('a connection that is lost during the check of the right - checked again on the next one, before it is used', async () => {
  await using notes = await openMcpDouble()
  await using server = openServer(notes)
  const events: string[] = []
  /** Another call fails and closes the connection that it shares with this one. */
  const lose = async () => {
    notes.intercept = (request, response) => request.resume().on('end', () => response.destroy())
    const params = { name: 'write_note', arguments: { text: 'x' } }
    await server
      .call(params, { inputSchema: {}, repeatable: false, permit: async () => {}, signal })
      .catch(() => {})
    notes.intercept = undefined
  }
  const note = () => events.push(...notes.received.splice(0).map(({ method }) => method))
  const permit = async () => {
    note()
    events.push('asked')
    if (events.filter((event) => event === 'asked').length <= 2) await lose()
  }
  await server.call(
    { name: 'read_note', arguments: {} },
    { inputSchema: {}, repeatable: false, permit, signal },
  )
  note()
  expect(notes.answering).toContain('tools/call')
  const sentAt = events.indexOf('tools/call')
  expect(events.slice(events.lastIndexOf('asked', sentAt), sentAt)).not.toContain('initialize')
})
