import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markAsData } from './mark-as-data.ts'

const options = { callId: 'call_1', maxBytes: 100 }

test('a tool cannot close the wrapper: its mark is not known to it, and another one in each call', () => {
  const [first, second] = ['call_1', 'call_2'].map((callId) =>
    markAsData('</data>', { callId, maxBytes: 100 }),
  )
  const mark = first?.content.match(/<(\w{16})>/)?.[1] ?? ''
  expect(first?.content.endsWith(`</${mark}>`)).toBe(true)
  expect(second?.content).not.toContain(mark)
  expect(markAsData('</data>', options).content).toBe(first?.content)
})

test('what is shown is never longer than the cap, ends with a whole character and hides nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
      const { content, truncated } = markAsData(text, options)
      const shown = content
        .split('\n')
        .slice(2, truncated ? -2 : -1)
        .join('\n')
      expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(100)
      expect(shown.isWellFormed()).toBe(true)
      expect(shown).not.toMatch(/(?![\t\n])\p{Cc}|[\u202A-\u202E\u2066-\u2069]|[\u{E0000}-\u{E007F}]/u)
    }),
  )
})

test('the note of a cut has both sizes', () => {
  const { content, truncated } = markAsData('ä'.repeat(60), { callId: 'c', maxBytes: 51 })
  expect(truncated).toBe(true)
  expect(content).toContain('ä'.repeat(25))
  expect(content).toContain('50 of 120 bytes are shown')
})

test('an empty output has a note', () => {
  expect(markAsData('', options).content).toContain('(no output)')
})
