import { expect, test } from 'vitest'
import { refusalOf } from './refusal-of.ts'

const tool = (name: string, more = {}) => ({ name, input_schema: { type: 'object' }, ...more })

test.each<[string, object]>([
  ['no tools', { tools: [] }],
  ['a name of 128 characters', { tools: [tool('n'.repeat(128))] }],
  ['names that differ by case', { tools: [tool('a'), tool('A')] }],
  ['a thousand tools', { tools: Array.from({ length: 1000 }, (_, index) => tool(`t${index}`)) }],
  ['the choice of a tool', { tools: [tool('a')], tool_choice: { type: 'tool', name: 'a' } }],
  ['a tool of its own type', { tools: [tool('a', { type: 'custom', description: 'A.' })] }],
])('takes %s', (_, change) => {
  expect(refusalOf(change)).toBeUndefined()
})

test.each<[string, object]>([
  ['tools: tool names must be unique', { tools: [tool('a'), tool('b'), tool('a')] }],
  ['tools.0.custom.name: String should match', { tools: [tool('a.b')] }],
  ['tools.0.custom.name: String should match', { tools: [tool('')] }],
  ['tools.0.custom.name: String should match', { tools: [tool('a\n')] }],
  ['tools.0.custom.name: String should match', { tools: [tool('n'.repeat(129))] }],
  ['tools.1.custom.input_schema: Field required', { tools: [tool('a'), { name: 'b' }] }],
  ['tools.0.custom.description: Input should be a valid string', { tools: [tool('a', { description: 5 })] }],
  ['tools.0.custom.inputSchema: Extra inputs', { tools: [tool('a', { inputSchema: {} })] }],
  ["tool_choice: tool 'b' not found", { tools: [tool('a')], tool_choice: { type: 'tool', name: 'b' } }],
  ['tool_choice.tool.name: Field required', { tools: [tool('a')], tool_choice: { type: 'tool' } }],
  ["tool_choice: Input tag 'all' found", { tools: [tool('a')], tool_choice: { type: 'all' } }],
  ['tool_choice: may only be specified while providing tools', { tool_choice: { type: 'auto' } }],
])('refuses with "%s"', (message, change) => {
  expect(refusalOf(change)).toContain(message)
})
