import { expect, test } from 'vitest'
import { markAsData } from '../tools/mark-as-data.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { leastResultTokens, shortenResult } from './shorten-result.ts'

const show = (text: string): string => markAsData(text, { callId: 'x', maxBytes: 65_536 }).content

test('a result that fits stays as it is', () => {
  const text = show('short')
  expect(shortenResult(text, leastResultTokens)).toBe(text)
  expect(shortenResult('x'.repeat(100_000), Infinity)).toHaveLength(100_000)
})

test.each([
  ['prose', 'word '.repeat(20_000)],
  ['Chinese', '三'.repeat(30_000)],
  ['emoji', '👋'.repeat(30_000)],
])(
  '%s - shortened it is not longer than it may be, keeps its marks, and says what is left out',
  (_name, text) => {
    for (const tokens of [leastResultTokens, 1000, 5000]) {
      const whole = show(text)
      const shown = shortenResult(whole, tokens)
      expect(estimateTokens(shown)).toBeLessThanOrEqual(tokens)
      expect(estimateTokens(shown)).toBeGreaterThan(tokens - 20)
      expect(shown.isWellFormed()).toBe(true)
      const [, mark] = /^Output of the tool between the two marks (\w+)\./.exec(shown) ?? []
      expect(shown.indexOf(`</${mark}>`)).toBeGreaterThan(shown.indexOf('\n[…]\n'))
      const [, leftOut, of] = /\(Shortened: (\d+) of (\d+) characters are left out/.exec(shown) ?? []
      expect(Number(of)).toBe(whole.length)
      const added = shown.slice(shown.indexOf('\n(Shortened')).length + '\n[…]\n'.length
      expect(whole.length - Number(leftOut)).toBe(shown.length - added)
      expect(shortenResult(whole, tokens)).toBe(shown)
    }
  },
)
