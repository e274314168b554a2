import { expect, test } from 'vitest'
import { parseMessagesRequest } from './parse-request.ts'

const user = { role: 'user', content: 'Hello' }
const call = { type: 'tool_use', id: 'toolu_1', name: 'echo', input: {} }
const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'ok' }
const cached = { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }

const input_schema = { type: 'object' }

function parse(body: Record<string, unknown>) {
  return parseMessagesRequest({ model: 'm', max_tokens: 10, messages: [user], ...body })
}

test('a string as content is a text block', () => {
  expect(parse({ system: 'Be kind.' })).toMatchObject({
    system: [{ type: 'text', text: 'Be kind.' }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
  })
})

test('a tool call with its result passes', () => {
  const messages = [user, { role: 'assistant', content: [call] }, { role: 'user', content: [result] }]
  expect(parse({ messages }).messages).toHaveLength(3)
})

test.each([
  ['model: ', { model: undefined }],
  ['max_tokens: ', { max_tokens: undefined }],
  ['max_tokens: ', { max_tokens: 1.5 }],
  ['messages: at least one message is required', { messages: [] }],
  ['messages.0.role: ', { messages: [{ role: 'robot', content: 'x' }] }],
  ['messages.0: only a last assistant message may have empty', { messages: [{ role: 'user', content: [] }] }],
  [
    'messages.0.content.0.text: text content blocks must be non-empty',
    { messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
  ],
  ['messages.0.content.0: Input tag', { messages: [{ role: 'user', content: [{ type: 'hologram' }] }] }],
  ['first message must use the "user" role', { messages: [{ role: 'assistant', content: 'x' }, user] }],
  ['tools.0.custom.name: ', { tools: [{ name: 'has a space', input_schema }] }],
  [
    'tool names must be unique',
    {
      tools: [
        { name: 'a', input_schema },
        { name: 'a', input_schema },
      ],
    },
  ],
  ['a maximum of 4 blocks with cache_control', { system: [cached, cached, cached, cached, cached] }],
  ['tool_use toolu_1 has no tool_result', { messages: [user, { role: 'assistant', content: [call] }, user] }],
  ['tool_result toolu_1 has no tool_use', { messages: [{ role: 'user', content: [result] }] }],
])('refuses with "%s"', (message, body) => {
  expect(() => parse(body)).toThrow(message)
})
