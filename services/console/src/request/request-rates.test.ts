import { expect, test } from 'vitest'
import { RequestRates } from './request-rates.ts'

test('counts each operator apart, in minutes that begin with the first request', () => {
  let now = 1000
  const rates = new RequestRates({ perMinute: 2, now: () => now })
  rates.count(1)
  rates.count(1)
  now += 20_000
  expect(() => rates.count(1)).toThrow(
    expect.objectContaining({ code: 'too_many_requests', fields: { retry_after_ms: 40_000 } }),
  )
  expect(() => rates.count(2)).not.toThrow()
  now += 40_000
  expect(() => rates.count(1)).not.toThrow()
})
