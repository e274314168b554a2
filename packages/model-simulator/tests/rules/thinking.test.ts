import { expect, test } from 'vitest'
import { signThinking } from '../../src/sign-thinking.ts'
import { refusalOf } from './refusal-of.ts'

const user = { role: 'user', content: 'Go' }
const thought = { type: 'thinking', thinking: 'Hm.', signature: signThinking('Hm.') }
const sealed = { type: 'redacted_thinking', data: 'x' }
const text = { type: 'text', text: 'words' }
const call = { type: 'tool_use', id: 'a', name: 'f', input: {} }
const result = { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'ok' }] }
const said = (...content: unknown[]) => ({ role: 'assistant', content })
const tools = [{ name: 'f', input_schema: { type: 'object' } }]
const enabled = { type: 'enabled', budget_tokens: 1024 }
const older = { model: 'claude-haiku-4-5', max_tokens: 2000, thinking: enabled }

test.each<[string, object]>([
  ['a budget with an older model', older],
  ['adaptive thinking', { thinking: { type: 'adaptive', display: 'omitted' } }],
  ['thinking that is off', { thinking: { type: 'disabled' } }],
  ['a choice of its own', { ...older, tools, tool_choice: { type: 'auto' } }],
  ['a call behind thinking', { ...older, tools, messages: [user, said(thought, call), result] }],
  ['a call behind sealed thinking', { ...older, tools, messages: [user, said(sealed, call), result] }],
  ['an earlier turn without', { ...older, tools, messages: [user, said(call), result, said(text), user] }],
  ['a call without, where it is not enabled', { tools, messages: [user, said(call), result] }],
])('takes %s', (_, change) => {
  expect(refusalOf(change)).toBeUndefined()
})

test.each<[string, object]>([
  [
    'thinking.enabled.budget_tokens: Input should be greater',
    { ...older, thinking: { ...enabled, budget_tokens: 1023 } },
  ],
  ['thinking.enabled.budget_tokens: Field required', { ...older, thinking: { type: 'enabled' } }],
  ["thinking: Input tag 'on' found", { thinking: { type: 'on' } }],
  ['`max_tokens` must be greater than `thinking.budget_tokens`', { ...older, max_tokens: 1024 }],
  ['"thinking.type.enabled" is not supported', { max_tokens: 2000, thinking: enabled }],
  ['adaptive thinking is not supported', { ...older, thinking: { type: 'adaptive' } }],
  ['"thinking.type.disabled" is not', { model: 'claude-opus-5-5', thinking: { type: 'disabled' } }],
  ['`temperature` may only be set to 1', { ...older, temperature: 0.5 }],
  ['`top_p` must be at least 0.95', { ...older, top_p: 0.5 }],
  ['`top_k` must be unset', { ...older, top_k: 5 }],
  ['tool_choice: forced tool use is not', { model: 'claude-opus-5-5', tools, tool_choice: { type: 'any' } }],
  ['thinking may not be enabled when tool_choice forces', { ...older, tools, tool_choice: { type: 'any' } }],
  [
    'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`',
    { ...older, tools, messages: [user, said(call), result] },
  ],
  [
    'messages.1.content.0.type: Expected `thinking` or `redacted_thinking`, but found `text`',
    { ...older, tools, messages: [user, said(text, thought, call), result] },
  ],
  ['messages.1: the final block in an assistant message', { messages: [user, said(thought), user] }],
  [
    'messages.0: `thinking` blocks can only be in',
    { messages: [{ role: 'user', content: [thought, text] }] },
  ],
  [
    'messages.1.content.0.thinking.signature: Field required',
    { messages: [user, said({ type: 'thinking', thinking: 'x' })] },
  ],
])('refuses with "%s"', (message, change) => {
  expect(refusalOf(change)).toContain(message)
})
