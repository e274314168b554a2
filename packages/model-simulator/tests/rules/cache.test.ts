import { expect, test } from 'vitest'
import { refusalOf } from './refusal-of.ts'

const short = { cache_control: { type: 'ephemeral' } }
const long = { cache_control: { type: 'ephemeral', ttl: '1h' } }
const text = (mark = {}) => ({ type: 'text', text: 'words', ...mark })
const tool = (mark = {}) => ({ name: 'f', input_schema: { type: 'object' }, ...mark })
const says = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] })
const results = (...marks: object[]) => ({
  messages: [
    { role: 'user', content: 'Go' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: marks.map(text) }] },
  ],
})

test.each<[string, object]>([
  ['four marks', { tools: [tool(short)], system: [text(short)], ...says(text(short), text(short)) }],
  ['no mark', { ...says(text({ cache_control: null })), cache_control: null }],
  ['longer marks first', { tools: [tool(long)], system: [text(long)], ...says(text(short)) }],
])('takes %s', (_, change) => {
  expect(refusalOf(change)).toBeUndefined()
})

const five = 'a maximum of 4 blocks with cache_control may be provided, found 5'

test.each<[string, object]>([
  [five, { tools: [tool(short)], system: [text(short), text(short)], ...says(text(short), text(short)) }],
  [five, { ...says(text(short), text(short), text(short), text(short)), ...short }],
  [five, { system: [text(short)], ...results(short, short, short, short) }],
  ['messages.0.content.1.cache_control.ttl: a mark of', says(text(short), text(long))],
  ['messages.0.content.0.cache_control.ttl: a mark of', { tools: [tool(short)], ...says(text(long)) }],
  ['cache_control.ttl: a mark of', { ...says(text(short)), ...long }],
  [
    'text.cache_control.ttl: Input should be',
    says(text({ cache_control: { type: 'ephemeral', ttl: '2h' } })),
  ],
  ['text.cache_control.type: Input should be', says(text({ cache_control: { type: 'persistent' } }))],
  ['text.cache_control.scope: Extra', says(text({ cache_control: { type: 'ephemeral', scope: 'x' } }))],
  [
    'thinking.cache_control: Extra inputs are not permitted',
    says({ type: 'thinking', thinking: 'x', signature: 'y', ...short }),
  ],
])('refuses with "%s"', (message, change) => {
  expect(refusalOf(change)).toContain(message)
})
