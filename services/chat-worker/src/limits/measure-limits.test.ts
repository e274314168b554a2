import type { LimitFacts } from '@omni2/db'
import { expect, test } from 'vitest'
import { measureLimits, roomUnderAll } from './measure-limits.ts'
import { toUnits } from './worst-case.ts'

const now = new Date('2026-11-23T22:00:00Z')
const tomorrow = '2026-11-24T00:00:00.000Z'

const limits = {
  requestsPerMinute: 60,
  concurrentTurns: 3,
  costDaily: 1,
  periods: [{ days: 7, requests: 50, tokens: 10_000, cost: 5 }],
}

const facts: Pick<LimitFacts, 'usage' | 'live'> = {
  usage: [
    { days: 1, requests: 4, tokens: 400, cost_usd: 0.1 },
    { days: 7, requests: 20, tokens: 2000, cost_usd: 2 },
  ],
  live: { running: 2, cost_usd: 0.2, tokens: 300, own: { attempt: 1, cost_usd: 0.05, tokens: 70 } },
}

const measure = (attempt: number, rate = { used: 7, resetAt: now }) =>
  measureLimits(limits, { facts, rate, attempt, now })

test('used is what ended, what is reserved for turns that run, and what an own dead attempt had reserved', () => {
  expect(measure(2)).toEqual([
    { kind: 'requests_per_minute', limit: 60, used: 7, remaining: 53, reset_at: now.toISOString() },
    { kind: 'concurrent_turns', limit: 3, used: 2, remaining: 1, reset_at: null },
    { kind: 'cost_daily', limit: 1, used: 0.35, remaining: 0.65, reset_at: tomorrow },
    { kind: 'requests_period', limit: 50, used: 22, remaining: 28, reset_at: tomorrow },
    { kind: 'tokens_period', limit: 10_000, used: 2370, remaining: 7630, reset_at: tomorrow },
    { kind: 'cost_period', limit: 5, used: 2.25, remaining: 2.75, reset_at: tomorrow },
  ])
})

test('what the attempt itself has reserved is not used', () => {
  expect(measure(1)).toMatchObject([{}, {}, { used: 0.3 }, {}, { used: 2300 }, { used: 2.2 }])
})

test('a limit that is not set is not measured; one that was lowered below what was used leaves nothing', () => {
  const unset = { requestsPerMinute: null, concurrentTurns: null, costDaily: 0.01, periods: [] }
  expect(measureLimits(unset, { facts, rate: null, attempt: 2, now })).toEqual([
    { kind: 'cost_daily', limit: 0.01, used: 0.35, remaining: 0, reset_at: tomorrow },
  ])
})

test('a period that could not be summed is used up', () => {
  const periods = [{ days: 0, requests: 50, tokens: 10_000, cost: 5 }]
  const states = measureLimits({ ...limits, periods }, { facts, rate: null, attempt: 1, now })
  expect(states.slice(2)).toMatchObject([
    { kind: 'requests_period', limit: 50, used: 50, remaining: 0 },
    { kind: 'tokens_period', limit: 10_000, used: 10_000, remaining: 0 },
    { kind: 'cost_period', limit: 5, used: 5, remaining: 0 },
  ])
  expect(roomUnderAll(states)).toEqual({ usd: 0, tokens: 0 })
})

test('the room under all limits is the least of each', () => {
  expect(roomUnderAll(measure(2))).toEqual({ usd: toUnits(0.65), tokens: 7630 })
  expect(roomUnderAll([])).toEqual({ usd: Infinity, tokens: Infinity })
})
