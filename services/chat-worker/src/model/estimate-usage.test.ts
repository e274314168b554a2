import { expect, test } from 'vitest'
import { boundUsage, estimateInput } from './estimate-usage.ts'

const request = (content: string) => ({ messages: [{ role: 'user' as const, content }] })

test('an estimate is never more than its call was granted, a count stays', () => {
  const asked = request('word '.repeat(300))
  const usage = {
    input: estimateInput(asked) - 50,
    cacheRead: 50,
    cacheWrite: 0,
    output: 80,
    estimated: true,
  }
  const bound = (given: typeof usage, input: number, output: number) =>
    boundUsage(given, asked, { input, output })
  expect(bound(usage, 300, 60)).toEqual({ ...usage, input: 250, output: 60 })
  expect(bound(usage, 40, 60).input).toBe(0)
  expect(bound(usage, 5000, 600)).toEqual(usage)
  const counted = { ...usage, input: 900 }
  expect(bound(counted, 300, 600)).toEqual(counted)
  expect(bound({ ...usage, estimated: false }, 1, 1)).toEqual({ ...usage, estimated: false })
})

test('what a request reads is estimated by what its texts are', () => {
  expect(estimateInput(request('三'.repeat(1000)))).toBeGreaterThanOrEqual(1000)
  // Quotes and line ends are no longer for being sent as JSON.
  expect(estimateInput(request('"\n'.repeat(1000)))).toBeLessThan(1100)
})
