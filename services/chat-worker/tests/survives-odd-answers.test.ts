import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { parseExactJson } from '@omni2/contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { never, openToolWorld, room, type ToolWorld } from './tool-world.ts'

let world: ToolWorld
/** Bodies of the requests with odd answers. */
let asked: string[] = []

beforeAll(async () => {
  world = await openToolWorld({ env: { MCP_BREAKER_FAILURES: '1', MCP_BREAKER_OPEN_MS: '600000' } })
  await world.names()
})
afterAll(() => world[Symbol.asyncDispose]())
beforeEach(() => (asked = []))

interface OddAnswer {
  body: (id: number) => string | Buffer
  headers?: Record<string, string>
}

/** Makes the server answer calls, or lists, with these bodies. */
function answer({ body, headers = {} }: OddAnswer, method = 'tools/call'): void {
  const reply = async (request: IncomingMessage, response: ServerResponse) => {
    const sent = await text(request)
    const message = JSON.parse(sent)
    if (message.method === method) asked.push(sent)
    response.on('error', () => {})
    response.writeHead(message.method === method ? 200 : 202, {
      'content-type': 'application/json',
      ...headers,
    })
    response.end(message.method === method ? body(message.id) : undefined)
  }
  world.notes.intercept = (request, response) => void reply(request, response)
}

const result = (json: string) => (id: number) => `{"jsonrpc":"2.0","id":${id},"result":${json}}`
const noteText = '{"type":"text","text":"the note"}'
const events = { 'content-type': 'text/event-stream' }

test.each<[string, OddAnswer, string]>([
  ['an unknown block among others', { body: result(`{"content":[{"type":"new"},${noteText}]}`) }, 'the note'],
  [
    'odd annotations',
    { body: result(`{"content":[{"type":"text","text":"the note","annotations":7}]}`) },
    'the note',
  ],
  ['no content', { body: result('{"structuredContent":{"a":1}}') }, '{"a":1}'],
  [
    'structured content that is no object',
    { body: result(`{"content":[${noteText}],"structuredContent":7}`) },
    'the note\n7',
  ],
  ['odd metadata', { body: result(`{"_meta":[],"isError":0,"content":[${noteText}]}`) }, 'the note'],
  [
    'big numbers',
    { body: result('{"structuredContent":{"id":9223372036854775807}}') },
    '9223372036854775807',
  ],
  [
    'an event stream with a flood of unrequested data',
    {
      headers: events,
      body: (id) =>
        'data: {"jsonrpc":"2.0","method":"notifications/progress","params":{}}\n\n'.repeat(500) +
        `data: ${result(`{"content":[${noteText}]}`)(id)}\n\n`,
    },
    'the note',
  ],
])('%s - what came is shown', async (_, odd, shown) => {
  answer(odd)
  const outcome = await world.call('read_note')
  expect(outcome).toMatchObject({ status: 'ok', content: expect.stringContaining(shown) })
})

test.each<[string, OddAnswer, string]>([
  ['200,000 empty blocks', { body: result(`{"content":[${'{},'.repeat(200_000)}{}]}`) }, 'too large'],
  ['depth', { body: result('['.repeat(10_000)) }, 'too large'],
  [
    'a bomb of zeros',
    { headers: { 'content-encoding': 'gzip' }, body: () => gzipSync('0'.repeat(9_000_000)) },
    'too large',
  ],
  ['one endless line', { headers: events, body: () => `data: ${'[1,'.repeat(200_000)}\n\n` }, 'too large'],
  ['many events', { headers: events, body: () => 'data: {"method":"x"}\n\n'.repeat(3000) }, 'too large'],
  ['no JSON', { body: () => 'late' }, 'cannot be read'],
  ['no number', { body: result('{"structuredContent":{"n":1e400}}') }, 'cannot be read'],
  ['an answer to nothing', { body: () => '{"jsonrpc":"2.0","result":{}}' }, 'cannot be read'],
  [
    'an answer that was broken off in its stream',
    { headers: events, body: () => 'data: {"jsonrpc"\n\n' },
    'cannot be read',
  ],
])('%s - said to be unreadable, not asked again, nothing against the server', async (_, odd, reason) => {
  answer(odd)
  const outcome = await world.call('read_note')
  expect(outcome).toMatchObject({ status: 'error', content: expect.stringContaining(reason) })
  expect(asked).toHaveLength(1)
  expect(world.toolbox.countLeftAlone()).toBe(0)
})

test('an error of an odd shape - an error, in its own words', async () => {
  answer({ body: (id) => `{"jsonrpc":"2.0","id":${id},"error":{"code":"E1","message":"the disk is full"}}` })
  expect(await world.call('read_note')).toMatchObject({
    status: 'error',
    content: expect.stringContaining('the disk is full'),
  })
})

test('arguments - reach the server with every digit', async () => {
  answer({ body: result('{"content":[]}') })
  const input = parseExactJson('{"text":"x","id":9007199254740993,"price":0.12345678901234567890}')
  expect(await world.call('write_note', input)).toMatchObject({ status: 'ok' })
  expect(asked[0]).toContain('"id":9007199254740993,"price":0.12345678901234567890')
})

test.each([
  ['100,000 tools', `{"name":"a","inputSchema":{"type":"object"}},`.repeat(100_000)],
  [
    'a schema of 60,000 properties',
    `{"name":"a","inputSchema":{},"outputSchema":{"properties":{${'"p":{"type":"string"},'.repeat(60_000)}"q":{}}}},`,
  ],
])('a list of %s - not read, and the last one serves on', async (_, tools) => {
  answer({ body: result(`{"tools":[${tools}{}]}`) }, 'tools/list')
  const { unreachable } = await relist()
  expect(unreachable).toEqual([{ server: 'notes', reason: 'its answer is too large' }])
  expect(world.toolbox.known(['notes'])).toHaveLength(7)
})

/** The list after the next reading. */
async function relist() {
  const list = async () => {
    world.toolbox.refresh()
    return (await world.toolbox.list(['notes'], never)).unreachable.length * asked.length
  }
  await expect.poll(list, room).toBeGreaterThan(0)
  return world.toolbox.list(['notes'], never)
}
