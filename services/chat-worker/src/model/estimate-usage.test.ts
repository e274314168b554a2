import { expect, test } from 'vitest'
import { boundUsage, estimateInput } from './estimate-usage.ts'

const usage = { input: 900, cacheRead: 50, cacheWrite: 0, output: 80, estimated: true }

test('an estimate is never more than its call was granted', () => {
  expect(boundUsage(usage, { input: 500, output: 60 })).toEqual({ ...usage, input: 450, output: 60 })
  expect(boundUsage(usage, { input: 40, output: 60 }).input).toBe(0)
  expect(boundUsage(usage, { input: 5000, output: 600 })).toEqual(usage)
  const counted = { ...usage, estimated: false }
  expect(boundUsage(counted, { input: 1, output: 1 })).toEqual(counted)
})

test('what a request reads is estimated by what its texts are', () => {
  const request = (content: string) => ({ messages: [{ role: 'user' as const, content }] })
  expect(estimateInput(request('三'.repeat(1000)))).toBeGreaterThanOrEqual(1000)
  // Quotes and line ends are no longer for being sent as JSON.
  expect(estimateInput(request('"\n'.repeat(1000)))).toBeLessThan(1100)
})
