import { expect, test } from 'vitest'
import { describeLimit } from './describe-limit.ts'

const now = Date.parse('2026-11-23T12:00:00.000Z')

test('a limit that is reset at a time names all three', () => {
  const fields = { limit: 3, used: 3, remaining: 0, reset_at: '2026-11-23T12:00:30.200Z' }
  expect(describeLimit(fields, now)).toEqual({
    'x-ratelimit-limit': '3',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '31',
  })
})

test('a running count is reset at no time, and money is written as it is', () => {
  expect(describeLimit({ limit: 0.5, used: 0.6 }, now)).toEqual({
    'x-ratelimit-limit': '0.5',
    'x-ratelimit-remaining': '0',
  })
})

test('a moment that has passed is now, and a pause stands for a moment', () => {
  const past = describeLimit({ limit: 1, reset_at: '2026-11-23T11:59:00.000Z' }, now)
  expect(past['x-ratelimit-reset']).toBe('0')
  expect(describeLimit({ limit: 1, retry_after_ms: 1001 }, now)['x-ratelimit-reset']).toBe('2')
})

test('a refusal without a limit has none', () => {
  expect(describeLimit({ retry_after_ms: 1000 }, now)).toEqual({})
})
