import { expect, test } from 'vitest'
import { AccumulatedContent } from './accumulate-content.ts'
import { decodeEvent } from './stream-event.ts'

/** The blocks of a stream, and the text that is sent of it. */
function gather(...events: object[]): AccumulatedContent & { said: string } {
  const content = new AccumulatedContent()
  const decoded = events.flatMap((event) => decodeEvent({ data: JSON.stringify(event) }) ?? [])
  const said = decoded.map((event) => content.add(event)).join('') + content.end()
  return Object.assign(content, { said })
}

const start = (index: number, content_block: object) => ({
  type: 'content_block_start',
  index,
  content_block,
})
const piece = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta })

const call = { type: 'tool_use', id: 'toolu_1', name: 'a__b', input: {}, caller: { type: 'direct' } }
const json = (partial_json: string) => piece(0, { type: 'input_json_delta', partial_json })

test('puts blocks together from their pieces, thinking with its signature unchanged', () => {
  const content = gather(
    start(0, { type: 'thinking', thinking: '', signature: '' }),
    piece(0, { type: 'thinking_delta', thinking: 'Hm\0' }),
    piece(0, { type: 'signature_delta', signature: 'sig' }),
    start(1, { type: 'redacted_thinking', data: 'sealed' }),
    start(2, { type: 'text', text: '', citations: null }),
    piece(2, { type: 'text_delta', text: 'One ' }),
    piece(2, { type: 'text_delta', text: 'two' }),
  )
  expect(content.blocks()).toEqual([
    { type: 'thinking', thinking: 'Hm\0', signature: 'sig' },
    { type: 'redacted_thinking', data: 'sealed' },
    { type: 'text', text: 'One two' },
  ])
})

test('reads a tool input that was cut anywhere', () => {
  const content = gather(start(0, call), json(''), json('{"a":"\\u00'), json('e9"}'))
  expect(content.toolRequests()).toEqual([{ callId: 'toolu_1', name: 'a__b', input: { a: 'é' } }])
  expect(content.blocks()).toEqual([{ type: 'tool_use', id: 'toolu_1', name: 'a__b', input: { a: 'é' } }])
})

test('a call without arguments has none, one with broken JSON has no input', () => {
  expect(gather(start(0, call)).toolRequests()[0]?.input).toEqual({})
  const broken = gather(start(0, call), json('{"a":'))
  expect(broken.toolRequests()[0]?.input).toBeUndefined()
  expect(broken.blocks()).toMatchObject([{ input: {} }])
  const deep = gather(start(0, call), json(`{"a":${'['.repeat(6000)}${']'.repeat(6000)}}`))
  expect(deep.toolRequests()[0]?.input).toBeUndefined()
})

test('leaves out blocks with unknown pieces', () => {
  const content = gather(
    { type: 'future_event' },
    start(0, { type: 'text', text: '', citations: null }),
    piece(0, { type: 'text_delta', text: 'a' }),
    start(1, { type: 'future_block', part: 'kept as it came' }),
    start(2, { type: 'future_block' }),
    piece(2, { type: 'future_delta', more: 'x' }),
  )
  expect(content.blocks()).toEqual([
    { type: 'text', text: 'a' },
    { type: 'future_block', part: 'kept as it came' },
  ])
})

test('counts a piece as one token, a long one as more', () => {
  expect(gather(start(0, call), json('{'), json('}')).estimateTokens()).toBe(2)
  expect(gather(start(0, call), json('x'.repeat(42))).estimateTokens()).toBe(14)
})

test('reads an input so that its numbers are given back as the model wrote them; no number stands for null', () => {
  const content = gather(start(0, call), json('{"id":90071992547'), json('40993}'))
  expect(JSON.stringify(content.toolRequests()[0]?.input)).toBe('{"id":9007199254740993}')
  expect(JSON.stringify(content.blocks()[0])).toContain('{"id":9007199254740993}')
  expect(gather(start(0, call), json('{"n":1e400}')).toolRequests()[0]?.input).toBeUndefined()
})

const textDelta = (index: number, text: string) => piece(index, { type: 'text_delta', text })

test('gives back the text that was sent, whatever the state of its blocks', () => {
  const content = gather(
    start(0, { type: 'text', text: 'At once, ' }),
    piece(0, { type: 'citations_delta', citation: { type: 'char_location' } }),
    textDelta(0, 'in a piece, '),
    start(1, call),
    textDelta(1, 'in the wrong block, '),
    textDelta(7, 'in none.'),
    piece(7, { type: 'text_delta', text: null }),
  )
  expect(content.said).toBe('At once, in a piece, in the wrong block, in none.')
  const texts = content.blocks().map((block) => (block.type === 'text' ? block.text : block.type))
  expect(texts).toEqual(['At once, in a piece, ', 'tool_use', 'in the wrong block, ', 'in none.'])
})

test('mends a character that two pieces or two blocks share, in the sent text and in the returned blocks', () => {
  const content = gather(
    start(0, { type: 'text', text: '' }),
    textDelta(0, 'A\ud83d'),
    textDelta(0, '\ude00B\ud83d'),
    start(1, { type: 'text', text: '' }),
    textDelta(1, '\ude00C\0\ud83d'),
  )
  const texts = content.blocks().map((block) => (block.type === 'text' ? block.text : block.type))
  expect(texts).toEqual(['A😀B', '😀C\ufffd\ufffd'])
  expect(content.said).toBe(texts.join(''))
})

test('joins halves of a character in thinking and in a tool input before it reads them', () => {
  const content = gather(
    start(0, call),
    json('{"a":"\\ud83d'),
    json('\\ude00'),
    json('\ud83d'),
    json('\ude00"}'),
    start(1, { type: 'thinking' }),
    piece(1, { type: 'thinking_delta', thinking: '\ud83d' }),
    piece(1, { type: 'thinking_delta', thinking: '\ude00' }),
  )
  expect(content.toolRequests()[0]?.input).toEqual({ a: '😀😀' })
  expect(content.blocks()[1]).toMatchObject({ thinking: '😀' })
})

test('keeps every call, also of a stream that uses an index again or gives an input at once', () => {
  const content = gather(
    start(0, { ...call, input: { a: 1 } }),
    start(0, { ...call, id: 'toolu_2' }),
    json('{"a":2}'),
  )
  expect(content.toolRequests().map(({ callId, input }) => [callId, input])).toEqual([
    ['toolu_1', { a: 1 }],
    ['toolu_2', { a: 2 }],
  ])
})
