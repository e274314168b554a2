import { expect, test } from 'vitest'
import { refusalOf } from './refusal-of.ts'

const user = (...content: unknown[]) => ({ role: 'user', content })
const text = { type: 'text', text: 'words' }
const cited = { ...text, citations: [{ type: 'char_location' }] }
const document = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } }
const found = (content: unknown) => ({ type: 'search_result', source: 's', title: 't', content: [content] })

test.each<[string, object]>([
  ['a document of the user', { messages: [user(document, text)] }],
  [
    'text that the reply cites',
    { messages: [user(text), { role: 'assistant', content: [cited] }, user(text)] },
  ],
  ['text without citations', { messages: [user({ ...text, citations: null }, found(text))] }],
])('takes %s', (_, change) => {
  expect(refusalOf(change, '2026-10-21')).toBeUndefined()
})

test.each<[string, object]>([
  ['temperature: Extra inputs are not permitted', { temperature: 1 }],
  ['top_p: Extra inputs are not permitted', { top_p: 1 }],
  ['top_k: Extra inputs are not permitted', { model: 'claude-haiku-4-5', top_k: 5 }],
  [
    'messages.1: `document` blocks cannot be in `assistant` messages',
    { messages: [user(text), { role: 'assistant', content: [document] }, user(text)] },
  ],
  ['messages.0: text with citations cannot be in', { messages: [user(cited)] }],
  ['messages.0: text with citations cannot be in', { messages: [user(found(cited))] }],
])('refuses with "%s" since its newest version', (message, change) => {
  expect(refusalOf(change, '2026-10-21')).toContain(message)
  expect(refusalOf(change, '2023-06-01') ?? '').not.toContain(message)
})
