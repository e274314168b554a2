import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Chat } from './chat.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge
let chat: Chat

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_FRAMES_PER_SECOND: '1000', EDGE_FRAMES_BURST: '1000' } })
  chat = await edge.connect()
  await chat.next('welcome')
})

afterAll(async () => {
  chat[Symbol.dispose]()
  await edge[Symbol.asyncDispose]()
})

const message = (fields: object) => JSON.stringify({ type: 'message', ...fields })

test.each([
  ['not JSON', 'hello', 'invalid_json'],
  ['half a JSON', '{"type":"message"', 'invalid_json'],
  ['nothing', '', 'invalid_json'],
  ['an array', '[]', 'invalid_frame'],
  ['a string', '"message"', 'invalid_frame'],
  ['null', 'null', 'invalid_frame'],
  ['no type', '{}', 'unknown_type'],
  ['an unknown type', '{"type":"shout","text":"x"}', 'unknown_type'],
  ['a type that is none', '{"type":["message"]}', 'unknown_type'],
  ["a type of Object's", '{"type":"__proto__"}', 'unknown_type'],
  [
    'fields that every object has',
    '{"type":"message","__proto__":{"text":"x"},"toString":1}',
    'invalid_text',
  ],
  ['no text', message({}), 'invalid_text'],
  ['an empty text', message({ text: '' }), 'invalid_text'],
  ['a blank text', message({ text: ' \n\t' }), 'invalid_text'],
  ['a text that is a number', message({ text: 7 }), 'invalid_text'],
  ['a text that is null', message({ text: null }), 'invalid_text'],
  ['a text with NUL', message({ text: 'a\0b' }), 'invalid_text'],
  ['an empty client_msg_id', message({ text: 'x', client_msg_id: '' }), 'invalid_frame'],
  ['a long client_msg_id', message({ text: 'x', client_msg_id: 'x'.repeat(129) }), 'invalid_frame'],
  ['a client_msg_id with NUL', message({ text: 'x', client_msg_id: '\0' }), 'invalid_frame'],
  ['a replaces that is no id', message({ text: 'x', replaces: '*' }), 'invalid_frame'],
  ['a cancel of nothing', '{"type":"cancel"}', 'invalid_frame'],
  ['a resume without a token', '{"type":"resume","client_msg_id":"x"}', 'invalid_frame'],
  ['deep JSON', `{"type":"ping","x":${'['.repeat(30_000)}${']'.repeat(30_000)},"y":`, 'invalid_json'],
  [
    'deep JSON that ends',
    `{"type":"message","deep":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
    'invalid_text',
  ],
])('%s - %s', async (_what, frame, code) => {
  chat.send(frame)
  const [answer, ...more] = await chat.settle()
  expect(answer).toMatchObject({ type: 'error', code, error: expect.stringMatching(/\S/) })
  expect(more).toEqual([])
})

test('a text over the limit - says the limit and which message it was', async () => {
  chat.send(message({ text: 'x'.repeat(32_001), client_msg_id: 'long' }))
  expect(await chat.settle()).toMatchObject([{ code: 'text_too_long', limit: 32_000, client_msg_id: 'long' }])
})

test('a field of the wrong type - is named', async () => {
  chat.send(message({ text: 'x', client_msg_id: 7 }))
  expect(await chat.settle()).toMatchObject([
    { code: 'invalid_frame', error: expect.stringContaining('client_msg_id') },
  ])
})

test('a binary frame - is refused', async () => {
  chat.socket.send(Buffer.from(message({ text: 'x' })), { binary: true })
  expect(await chat.settle()).toMatchObject([{ code: 'binary_frame' }])
})

test('half a surrogate pair - becomes a replacement character that can be stored', async () => {
  chat.send('{"type":"message","text":"a\\ud800b"}')
  const attempt = await edge.worker.takeTurn()
  expect(attempt.turn.text).toBe('a\ufffdb')
  attempt.finish()
  await chat.until('done')
})

test('a frame over 64 KiB - 1009', async () => {
  using other = await edge.connect()
  await other.next('welcome')
  other.send(message({ text: 'x'.repeat(65_536) }))
  expect((await other.closed).code).toBe(1009)
})

test('invalid UTF-8 - 1007', async () => {
  using other = await edge.connect()
  await other.next('welcome')
  other.socket.send(Buffer.from([0x22, 0xff, 0xfe, 0x22]), { binary: false })
  expect((await other.closed).code).toBe(1007)
})

test('a frame in more fragments than allowed - 1008', async () => {
  using other = await edge.connect()
  await other.next('welcome')
  for (let fragment = 0; fragment < 100; fragment += 1) other.socket.send('x', { fin: false })
  expect((await other.closed).code).toBe(1008)
})

test('after all of it the connection still chats', async () => {
  chat.say('still there?')
  const attempt = await edge.worker.takeTurn()
  attempt.finish()
  expect((await chat.until('done')).map(({ type }) => type)).toEqual(['accepted', 'done'])
})
