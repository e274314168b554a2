import { expect, test } from 'vitest'
import { refusalOf } from './refusal-of.ts'

const user = (content: unknown) => ({ role: 'user', content })
const assistant = (content: unknown) => ({ role: 'assistant', content })
const text = (words: string, more = {}) => ({ type: 'text', text: words, ...more })
const call = { type: 'tool_use', id: 'a', name: 'f', input: {} }
const result = (content: unknown) => ({ type: 'tool_result', tool_use_id: 'a', content })
const ephemeral = { cache_control: { type: 'ephemeral' } }

test.each<[string, object]>([
  ['a string and blocks', { messages: [user('a'), assistant([text('b')]), user([text('c')])] }],
  ['the same role twice', { messages: [user('a'), user('b')] }],
  ['white space around words', { messages: [user(' \n a \t')] }],
  ['white space at the end of an earlier reply', { messages: [user('a'), assistant('b \n'), user('c')] }],
  ['no content in a last reply', { messages: [user('a'), assistant([])] }],
  ['a system message in the middle', { messages: [user('a'), { role: 'system', content: 'b' }, user('c')] }],
  ['an empty system string', { system: '' }],
  ['an empty result', { messages: [user('a'), assistant([call]), user([result('')])] }],
  ['a result without blocks', { messages: [user('a'), assistant([call]), user([result([])])] }],
])('takes %s', (_, change) => {
  expect(refusalOf(change)).toBeUndefined()
})

test.each<[string, object]>([
  ['messages: at least one message', { messages: [] }],
  ['messages: first message must use the "user" role', { messages: [assistant('a'), user('b')] }],
  ['messages.0.role: Input should be', { messages: [{ role: 'robot', content: 'a' }] }],
  ['messages.0.content: Input should be a valid list', { messages: [user(5)] }],
  ['messages.0.content: Field required', { messages: [{ role: 'user' }] }],
  ['messages.0.name: Extra inputs are not permitted', { messages: [{ ...user('a'), name: 'Ada' }] }],
  ['messages.0: only a last assistant message may have empty content', { messages: [user('')] }],
  ['messages.0: only a last assistant message', { messages: [user([]), user('a')] }],
  ['messages.1: only a last assistant message', { messages: [user('a'), assistant(''), user('b')] }],
  ['messages.0.content.0.text: text content blocks must be non-empty', { messages: [user([text('')])] }],
  ['messages.0.content.0.text: text content blocks must contain non-white', { messages: [user(' \n\t')] }],
  ['messages.0.content.1.text: text', { messages: [user([text('a'), text('\u00A0\u2003')])] }],
  ['messages.0.content.0.text: cache_control', { messages: [user([text('', ephemeral)])] }],
  ['system.0.text: text content blocks', { system: [text(' ')] }],
  [
    'messages.2.content.0.tool_result.content.0.text: text content blocks must be non-empty',
    { messages: [user('a'), assistant([call]), user([result([text('')])])] },
  ],
  ["messages.0.content.0: Input tag 'hologram'", { messages: [user([{ type: 'hologram' }])] }],
  ['messages.0.content.0.type: Field required', { messages: [user([{ text: 'a' }])] }],
  ['messages.0.content.0.text.text: Field required', { messages: [user([{ type: 'text' }])] }],
  ['messages.0.content.0.text.id: Extra inputs', { messages: [user([text('a', { id: 1 })])] }],
  [
    "messages.1: role 'system' is not supported on this model",
    { model: 'claude-opus-4-7', messages: [user('a'), { role: 'system', content: 'b' }] },
  ],
  [
    'messages.2: a system message must follow a user message',
    { messages: [user('a'), assistant('b'), { role: 'system', content: 'c' }, user('d')] },
  ],
  [
    'messages.1: `document` blocks cannot be in `system` messages',
    { messages: [user('a'), { role: 'system', content: [{ type: 'document', source: { type: 'url' } }] }] },
  ],
  [
    'messages: final assistant content cannot end with trailing whitespace',
    { messages: [user('a'), assistant('b ')] },
  ],
])('refuses with "%s"', (message, change) => {
  expect(refusalOf(change)).toContain(message)
})
