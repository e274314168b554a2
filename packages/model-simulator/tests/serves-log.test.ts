import { connect } from 'node:net'
import { afterAll, expect, test, vi } from 'vitest'
import { ask, collectEvents, openClient } from './open-client.ts'

const { simulator, client } = await openClient()
afterAll(() => simulator[Symbol.asyncDispose]())

async function get(path: string): Promise<unknown> {
  return (await fetch(`${simulator.url}${path}`)).json()
}

test('a request of the log is what was received and what was sent, byte for byte', async () => {
  const body = JSON.stringify(ask('Grüße [[sim tokens=5]]', { metadata: { user_id: 'turn-1' } }))
  const headers = { 'x-api-key': 'any', 'anthropic-version': '2023-06-01', 'x-simulator': 'tokens=8' }
  const response = await fetch(`${simulator.url}/v1/messages`, { method: 'POST', headers, body })
  const sent = await response.text()
  expect(await get(`/_log/${response.headers.get('request-id')}`)).toMatchObject({
    metadataUserId: 'turn-1',
    model: 'claude-sonnet-5-5',
    status: 200,
    outcome: 'finished',
    directive: 'tokens=8',
    body,
    sent,
    tokensSent: 8,
    usage: { output_tokens: 8 },
    clientClosedAt: null,
  })
})

test('a client that leaves in the middle of its body is seen to', async () => {
  const head =
    'POST /v1/messages HTTP/1.1\r\nhost: x\r\nx-api-key: any\r\nanthropic-version: 2023-06-01\r\ncontent-length: 100\r\n\r\n'
  const socket = connect(simulator.port, '127.0.0.1')
  socket.write(`${head}{"model"`)
  const [left] = await vi.waitFor(() => {
    const open = simulator.log.list().filter((entry) => entry.outcome === null)
    expect(open).toHaveLength(1)
    return open
  })
  socket.destroy()
  await vi.waitFor(() => {
    expect(simulator.log.find(left?.request ?? '')).toMatchObject({
      status: null,
      outcome: 'client_closed',
      body: '',
    })
  })
})

test('the list finds the requests of a turn, newest first', async () => {
  const ids: string[] = []
  for (const user_id of ['turn-2', 'turn-3', 'turn-2']) {
    const { data, request_id: id } = await client.messages
      .create(ask('Hello', { metadata: { user_id } }))
      .withResponse()
    await collectEvents(data)
    ids.push(id ?? '')
  }
  const { requests } = (await get('/_log?metadata_user_id=turn-2')) as { requests: { request: string }[] }
  expect(requests.map((entry) => entry.request)).toEqual([ids[2], ids[0]])
  expect(requests[0]).not.toHaveProperty('body')
  expect(await get('/_log?limit=1')).toMatchObject({ requests: [{ request: ids[2] }] })
})

test('what it does not know is a 404, and a bad limit a 400', async () => {
  expect(await get('/_log/req_unheard-of')).toMatchObject({ error: { type: 'not_found_error' } })
  expect(await get('/_log?limit=many')).toMatchObject({ error: { type: 'invalid_request_error' } })
})

test('hundreds of streams at once get each its own reply', async () => {
  const texts = Array.from({ length: 300 }, (_, index) => `Hello ${index} [[sim tokens=20 pace=1]]`)
  const messages = await Promise.all(texts.map((text) => client.messages.stream(ask(text)).finalMessage()))
  for (const [index, { content, usage }] of messages.entries()) {
    expect(content[0]).toMatchObject({ text: expect.stringContaining(`"Hello ${index}"`) as string })
    expect(usage.output_tokens).toBe(20)
  }
})
