import { expect, test } from 'vitest'
import { readLimits } from './read-limits.ts'

const nothing = {
  rate_limit: null,
  rate_limit_override: null,
  cost_limit_daily: null,
  user_limits: null,
  default_limits: null,
}

const own = { period_days: 7, max_requests: 10, max_tokens: null, max_cost: null }

test('nothing set is no limit', () => {
  const none = { requestsPerMinute: null, concurrentTurns: null, costDaily: null, periods: [] }
  expect(readLimits(nothing)).toEqual(none)
  expect(readLimits({ ...nothing, default_limits: { period_days: 7 } })).toEqual(none)
  expect(readLimits({ ...nothing, user_limits: { ...own, max_requests: null } })).toEqual(none)
})

test('of each kind the first of user, role and default applies, nothing allowed included', () => {
  const default_limits = { requests_per_minute: 3, concurrent_turns: 4, cost_daily: 5 }
  expect(readLimits({ ...nothing, default_limits })).toMatchObject({
    requestsPerMinute: 3,
    concurrentTurns: 4,
    costDaily: 5,
  })
  const role = { rate_limit: 2, cost_limit_daily: '0.00' }
  expect(readLimits({ ...nothing, ...role, default_limits })).toMatchObject({
    requestsPerMinute: 2,
    costDaily: 0,
  })
  expect(readLimits({ ...nothing, ...role, rate_limit_override: 0 })).toMatchObject({ requestsPerMinute: 0 })
})

test('a default of a period is measured over its own days, and applies where the user has none of its kind', () => {
  const default_limits = { period_days: 30, max_requests: 100, max_tokens: 1000, max_cost: null }
  expect(readLimits({ ...nothing, user_limits: own, default_limits }).periods).toEqual([
    { days: 7, requests: 10, tokens: null, cost: null },
    { days: 30, requests: null, tokens: 1000, cost: null },
  ])
  expect(readLimits({ ...nothing, default_limits }).periods).toEqual([
    { days: 30, requests: 100, tokens: 1000, cost: null },
  ])
  const zero = { ...own, max_requests: 0, max_tokens: 0 }
  expect(readLimits({ ...nothing, user_limits: zero, default_limits }).periods).toEqual([
    { days: 7, requests: 0, tokens: 0, cost: null },
  ])
})

test('a default without a period is one of 30 days', () => {
  expect(readLimits({ ...nothing, default_limits: { max_cost: 2 } }).periods).toEqual([
    { days: 30, requests: null, tokens: null, cost: 2 },
  ])
})

test.each([{ period_days: 3661 }, { period_days: 0 }, { period_days: 1.5 }, { cost_daily: '5' }, 'odd'])(
  'unreadable defaults %j admit nothing',
  (default_limits) => {
    expect(readLimits({ ...nothing, default_limits })).toMatchObject({
      requestsPerMinute: 0,
      concurrentTurns: 0,
      costDaily: 0,
    })
  },
)
