import { expect, test } from 'vitest'
import { capToolTexts } from './cap-tool-texts.ts'
import { called } from '../../tests/called-tool.ts'

test('keeps the short texts whole, and of the others as much as they can all have', () => {
  const tools = [called('é'.repeat(400)), called('é'.repeat(400)), called('short')]
  const capped = capToolTexts(tools, 4500)
  expect(capped[0]?.answer?.content).toMatch(/^é{300,}\(left out/)
  expect(capped[1]).toEqual(capped[0])
  expect(capped[2]).toEqual(tools[2])
  expect(capped.map(({ input }) => input)).toEqual(tools.map(({ input }) => input))
})

test('an input that is too long is left out whole', () => {
  const [capped] = capToolTexts([{ ...called('short'), input: { a: 'x'.repeat(1000) } }], 1500)
  expect(capped).toMatchObject({ input: expect.stringMatching(/left out/), answer: { content: 'short' } })
})

test('is never longer than it may be', () => {
  const texts = ['é"'.repeat(5000), `${'\n"'.repeat(2000)}${'x'.repeat(5000)}`, '👋'.repeat(3000)]
  for (const text of texts)
    for (const bytes of [25_000, 50_000, 100_000]) {
      const capped = capToolTexts(Array(20).fill(called(text)), bytes)
      expect(Buffer.byteLength(JSON.stringify(capped))).toBeLessThanOrEqual(bytes)
      expect(capped[0]?.answer?.content.isWellFormed()).toBe(true)
    }
})

test('a call without a result, or without an input that can be read, stays one', () => {
  const unknown = { ...called('x'), input: undefined, answer: null }
  expect(capToolTexts([unknown], 2000)).toEqual([unknown])
})
