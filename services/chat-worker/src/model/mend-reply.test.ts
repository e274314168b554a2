import type { Anthropic } from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { AccumulatedContent } from './accumulate-content.ts'
import { cutThoughts, cutTrail, mendReply } from './mend-reply.ts'
import { makeEmptyReply } from './stream-reply.ts'

type Message = Anthropic.MessageParam

/** A reply of these blocks as it is gathered from its stream; the input of a call is its JSON text. */
function gather(blocks: readonly object[], stopReason: string | null = 'tool_use') {
  const gathered = new AccumulatedContent()
  for (const [index, { json, ...block }] of blocks.entries() as Iterable<[number, { json?: string }]>) {
    const delta = { type: 'input_json_delta', partial_json: json ?? '' }
    gathered.add({ type: 'content_block_start', index, content_block: block } as never)
    if (json !== undefined) gathered.add({ type: 'content_block_delta', index, delta } as never)
  }
  gathered.end()
  const content = gathered.blocks()
  return { ...makeEmptyReply('m'), stopReason, content, toolRequests: gathered.toolRequests() }
}

const mend = (blocks: readonly object[], { stop = 'tool_use', earlier = [] as readonly Message[] } = {}) =>
  mendReply(gather(blocks, stop), earlier)

const text = (said: string) => ({ type: 'text', text: said })
const call = (id: unknown, name: unknown = 'a__b', json = '{"a":1}') => ({ type: 'tool_use', id, name, json })
const thinking = (thought: string, signature?: string) => ({ type: 'thinking', thinking: thought, signature })

/** Calls as they are given back and made: [id, name, input given back, whether it is made]. */
const callsOf = (reply: ReturnType<typeof mend>) => {
  const blocks = reply.content.filter((block) => block.type === 'tool_use')
  expect(blocks.map(({ id, name }) => [id, name])).toEqual(
    reply.toolRequests.map(({ callId, name }) => [callId, name]),
  )
  return blocks.map(({ id, name, input }, index) => [
    id,
    name,
    input,
    reply.toolRequests[index]?.fault === undefined,
  ])
}

test('a reply that the API accepts again is sent back as it came', () => {
  const blocks = [thinking('Hm\0', 'sig'), { type: 'redacted_thinking', data: 'sealed' }, text('One ')]
  const reply = gather([...blocks, call('toolu_1', 'a__b', '{"é":["👋"]}')])
  expect(mendReply(reply, [])).toEqual(reply)
})

const odd = { a: 1 }

test.each<[string, object[], unknown[][]]>([
  [
    'two calls of one id',
    [call('x'), call('x'), call('x_2')],
    [
      ['x', 'a__b', odd, true],
      ['x_2', 'a__b', odd, true],
      ['x_2_3', 'a__b', odd, true],
    ],
  ],
  ['an id with NUL', [call('x\0')], [['call_1', 'a__b', odd, true]]],
  ['an id with half a character', [call('x\ud800')], [['call_1', 'a__b', odd, true]]],
  ['an id outside the pattern', [call('functions.x:0')], [['call_1', 'a__b', odd, true]]],
  ['an id with a newline', [call('x\n')], [['call_1', 'a__b', odd, true]]],
  ['an empty id', [call('')], [['call_1', 'a__b', odd, true]]],
  ['an id without end', [call('x'.repeat(10_000))], [['call_1', 'a__b', odd, true]]],
  [
    'no id',
    [call(undefined), call(7)],
    [
      ['call_1', 'a__b', odd, true],
      ['call_2', 'a__b', odd, true],
    ],
  ],
  ['an empty name', [call('x', '')], [['x', 'invalid_tool_name', odd, false]]],
  ['a name with NUL', [call('x', 'a__b\0')], [['x', 'invalid_tool_name', odd, false]]],
  ['a name with a dot', [call('x', 'a.b')], [['x', 'invalid_tool_name', odd, false]]],
  ['a name without end', [call('x', 'a'.repeat(200))], [['x', 'invalid_tool_name', odd, false]]],
  ['no name', [call('x', null)], [['x', 'invalid_tool_name', odd, false]]],
  ['an input that is null', [call('x', 'a__b', 'null')], [['x', 'a__b', {}, false]]],
  ['an input that is a list', [call('x', 'a__b', '[1]')], [['x', 'a__b', {}, false]]],
  ['an input that is a text', [call('x', 'a__b', '"a"')], [['x', 'a__b', {}, false]]],
  ['an input that is a number', [call('x', 'a__b', '1')], [['x', 'a__b', {}, false]]],
  ['an input that is broken', [call('x', 'a__b', '{"a":')], [['x', 'a__b', {}, false]]],
  ['no input', [call('x', 'a__b', '')], [['x', 'a__b', {}, true]]],
  [
    'an input with half a character and NUL',
    [call('x', 'a__b', '{"k\\ud800":"\\u0000"}')],
    [['x', 'a__b', { 'k\ufffd': '\ufffd' }, true]],
  ],
])('%s - each call has a place to be answered', (_name, blocks, expected) => {
  expect(callsOf(mend(blocks))).toEqual(expected)
})

test('an id that an earlier round had is not used again', () => {
  const earlier: Message[] = [{ role: 'assistant', content: mend([call('x')]).content }]
  expect(callsOf(mend([call('x')], { earlier }))).toEqual([['x_2', 'a__b', odd, true]])
})

test('a call with an unknown piece keeps its place', () => {
  const gathered = new AccumulatedContent()
  const start = { type: 'content_block_start', index: 0, content_block: { ...call('x'), json: undefined } }
  gathered.add(start as never)
  gathered.add({ type: 'content_block_delta', index: 0, delta: { type: 'future_delta' } } as never)
  const reply = { ...makeEmptyReply('m'), content: gathered.blocks(), toolRequests: gathered.toolRequests() }
  expect(callsOf(mendReply(reply, []))).toEqual([['x', 'a__b', {}, true]])
})

const use = { type: 'server_tool_use', id: 'srv_1', name: 'web_search', input: {} }
const found = { type: 'web_search_tool_result', tool_use_id: 'srv_1', content: [] }

test.each<[string, object, object?]>([
  ['a text without letters', text(' \n')],
  ['a text of separators', text('\u001f\u0085')],
  ['half a character', text('a\ud800'), text('a\ufffd')],
  ['NUL', text('a\0'), text('a\ufffd')],
  ['thinking without signature', thinking('Hm')],
  ['thinking with an empty signature', thinking('Hm', '')],
  ['thinking with half a character', thinking('\ud800', 'sig')],
  ['thinking with half a character in its signature', thinking('Hm', '\ud800')],
  ['thinking with a signature that is no text', { ...thinking('Hm'), signature: 5 }],
  ['thinking with an input', { ...thinking('Hm', 'sig'), json: '[]' }, thinking('Hm', 'sig')],
  ['sealed thinking with half a character', { type: 'redacted_thinking', data: '\ud800' }],
  ['a seal that is no text', { type: 'redacted_thinking', data: 5 }],
  ['sealed thinking without its seal', { type: 'redacted_thinking', data: '' }],
  ['an unknown type', { type: 'future_block', part: 'x' }],
  ['a server tool without its result', use],
  ['a result without its server tool', found],
])('%s - %j is given back as %j', (_name, block, expected) => {
  const { content } = mend([text('a'), block, call('x')])
  expect(content).toEqual([text('a'), ...(expected ? [expected] : []), expect.objectContaining({ id: 'x' })])
})

test('a server tool goes with its result, and with a pause alone; then the result follows in the next reply', () => {
  expect(mend([use, found]).content).toEqual([use, found])
  const { content } = mend([use], { stop: 'pause_turn' })
  expect(content).toEqual([use])
  expect(mend([found], { earlier: [{ role: 'assistant', content }] }).content).toEqual([found])
})

test('thinking after the last call is left out', () => {
  const { content } = mend([thinking('Hm', 'one'), call('x'), thinking('Hm', 'two')])
  expect(cutThoughts(content).map(({ type }) => type)).toEqual(['thinking', 'tool_use'])
})

test('names of a reply can be recorded', () => {
  const reply = mendReply({ ...makeEmptyReply('m\0'), stopReason: 'odd\ud800' }, [])
  expect(reply).toMatchObject({ model: 'm\ufffd', stopReason: 'odd\ufffd' })
})

test.each([
  [[text('a \n')], [text('a')]],
  [[text('a'), text('\u001f')], [text('a')]],
  [[text('a '), thinking('Hm', 'sig')], [text('a')]],
  [[text(' ')], []],
  [
    [text('a '), use],
    [text('a '), use],
  ],
])('%j ends as %j if it is to be continued', (content, expected) => {
  expect(cutTrail(content as Anthropic.ContentBlockParam[])).toEqual(expected)
})
