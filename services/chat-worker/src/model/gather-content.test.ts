import type { Anthropic } from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { GatheredContent } from './gather-content.ts'

/** Events as they may come from an API that is newer than its types here. */
function gather(...events: object[]): GatheredContent {
  const content = new GatheredContent()
  for (const event of events) content.add(event as Anthropic.RawMessageStreamEvent)
  return content
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
})

test('leaves out blocks that came in pieces nobody knows', () => {
  const content = gather(
    { type: 'future_event' },
    start(0, { type: 'text', text: '', citations: null }),
    piece(0, { type: 'text_delta', text: 'a' }),
    start(1, { type: 'future_block', part: 'kept as it came' }),
    start(2, { type: 'future_block' }),
    piece(2, { type: 'future_delta', more: 'x' }),
    piece(7, { type: 'text_delta', text: 'of no block' }),
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
