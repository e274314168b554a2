import { expect, test } from 'vitest'
import { refusalOf } from './refusal-of.ts'

const user = { role: 'user', content: 'Go' }
const text = { type: 'text', text: 'words' }
const image = { type: 'image', source: { type: 'url', url: 'x' } }
const call = (id: string, more = {}) => ({ type: 'tool_use', id, name: 'f', input: {}, ...more })
const result = (id: string, more = {}) => ({ type: 'tool_result', tool_use_id: id, content: 'ok', ...more })
const said = (...content: unknown[]) => ({ role: 'assistant', content })
const answered = (...content: unknown[]) => ({ role: 'user', content })
const long = 'n'.repeat(128)

test.each<[string, unknown[]]>([
  ['calls that are all answered', [said(text, call('a'), call('b')), answered(result('b'), result('a'))]],
  ['words behind the results', [said(call('a')), answered(result('a'), text)]],
  ['words behind the call', [said(call('a'), text), answered(result('a'))]],
  ['a result without content', [said(call('a')), answered({ type: 'tool_result', tool_use_id: 'a' })]],
  ['an image as a result', [said(call('a')), answered(result('a', { content: [text, image] }))]],
  ['an error with words', [said(call('a')), answered(result('a', { is_error: true, content: [text] }))]],
  ['a name of 128 characters', [said(call('a', { name: long })), answered(result('a'))]],
  ['a name that is not among the tools', [said(call('a', { name: 'gone' })), answered(result('a'))]],
])('takes %s', (_, rounds) => {
  expect(refusalOf({ messages: [user, ...rounds] })).toBeUndefined()
})

test.each<[string, unknown[]]>([
  ['messages.1: tool_use a has no tool_result', [said(call('a')), user]],
  ['messages.1: tool_use a has no tool_result', [said(call('a'))]],
  ['messages.1: tool_use b has no tool_result', [said(call('a'), call('b')), answered(result('a'))]],
  ['messages.1: tool_use a has no tool_result', [said(call('a')), user, answered(result('a'))]],
  ['messages.1.content.0: tool_result a has no tool_use', [answered(result('a'))]],
  [
    'messages.3.content.0: tool_result a has',
    [said(call('a')), answered(result('a')), answered(result('a'))],
  ],
  ['messages.2.content.1: each tool_use must', [said(call('a')), answered(result('a'), result('a'))]],
  [
    'messages.2.content.1: tool_result blocks must come before',
    [said(call('a')), answered(text, result('a'))],
  ],
  [
    'messages.2.content.2: tool_result blocks must come before',
    [said(call('a'), call('b')), answered(result('a'), text, result('b'))],
  ],
  [
    'messages.1.content.1: `tool_use` ids must be unique',
    [said(call('a'), call('a')), answered(result('a'))],
  ],
  [
    'messages.3.content.0: `tool_use` ids must be unique',
    [said(call('a')), answered(result('a')), said(call('a')), answered(result('a'))],
  ],
  ['messages.1: `tool_use` blocks can only be in', [answered(call('a')), answered(result('a'))]],
  ['messages.2: `tool_result` blocks can only be in', [said(call('a')), said(result('a'))]],
  [
    'messages.1.content.0.tool_use.id: String should match pattern',
    [said(call('a b')), answered(result('a'))],
  ],
  ['messages.1.content.0.tool_use.id: String should match pattern', [said(call('')), answered(result('a'))]],
  [
    'messages.1.content.0.tool_use.id: String should match pattern',
    [said(call('a\0')), answered(result('a'))],
  ],
  [
    'messages.1.content.0.tool_use.id: String should match pattern',
    [said(call('a\n')), answered(result('a'))],
  ],
  ['messages.2.content.0.tool_result.tool_use_id: String should', [said(call('a')), answered(result('ü'))]],
  ['messages.1.content.0.tool_use.name: String should', [said(call('a', { name: 'a.b' }))]],
  ['messages.1.content.0.tool_use.name: String should', [said(call('a', { name: 'a\0' }))]],
  ['messages.1.content.0.tool_use.name: String should', [said(call('a', { name: `${long}n` }))]],
  [
    'messages.1.content.0.tool_use.input: Input should be a valid dictionary',
    [said(call('a', { input: [] }))],
  ],
  ['messages.1.content.0.tool_use.input: Input should be', [said(call('a', { input: 'x' }))]],
  ['messages.1.content.0.tool_use.input: Input should be', [said(call('a', { input: null }))]],
  ['messages.1.content.0.tool_use.input: Field required', [said(call('a', { input: undefined }))]],
  ['messages.1.content.0.tool_use.text: Extra inputs', [said(call('a', { text: 'x' }))]],
  [
    'messages.2.content.0.tool_result: content cannot be empty if `is_error`',
    [said(call('a')), answered(result('a', { is_error: true, content: '' }))],
  ],
  [
    'messages.2.content.0.tool_result: content cannot be empty if `is_error`',
    [said(call('a')), answered(result('a', { is_error: true, content: [] }))],
  ],
  [
    'messages.2.content.0.tool_result: all content must be of type `text`',
    [said(call('a')), answered(result('a', { is_error: true, content: [image] }))],
  ],
  [
    "messages.2.content.0.tool_result.content.0: Input tag 'audio'",
    [said(call('a')), answered(result('a', { content: [{ type: 'audio' }] }))],
  ],
  [
    'messages.2.content.0.tool_result.content: Input should be',
    [said(call('a')), answered(result('a', { content: 5 }))],
  ],
])('refuses with "%s"', (message, rounds) => {
  expect(refusalOf({ messages: [user, ...rounds] })).toContain(message)
})
