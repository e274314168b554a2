import type { LimitState } from '@omni2/contracts'
import { expect, test } from 'vitest'
import type { TurnOutcome } from './make-outcome.ts'
import { addLimits } from './limits-after.ts'

const now = new Date('2026-11-23T22:00:00Z')
const tomorrow = '2026-11-24T00:00:00.000Z'

const measured: LimitState[] = [
  { kind: 'requests_per_minute', limit: 60, used: 7, remaining: 53, reset_at: '2026-11-23T22:01:00.000Z' },
  { kind: 'concurrent_turns', limit: 3, used: 2, remaining: 1, reset_at: null },
  { kind: 'cost_daily', limit: 1, used: 0.3, remaining: 0.7, reset_at: tomorrow },
  { kind: 'requests_period', limit: 50, used: 22, remaining: 28, reset_at: tomorrow },
  { kind: 'tokens_period', limit: 2400, used: 2370, remaining: 30, reset_at: tomorrow },
]

const usage = { input: 10, output: 20, cacheRead: 5, cacheWrite: 5, estimated: false }
const result = { cost_usd: 0.1 } as TurnOutcome['result'] & object
const done: TurnOutcome = { status: 'done', terminal: { type: 'done', body: { result } }, result, usage }

test('the limits of an end are those of its claim, less what the turn used', () => {
  const { terminal } = addLimits(done, measured, now)
  expect(terminal.body['limits']).toEqual([
    { kind: 'concurrent_turns', limit: 3, used: 2, remaining: 1, reset_at: null },
    { kind: 'cost_daily', limit: 1, used: 0.4, remaining: 0.6, reset_at: tomorrow },
    { kind: 'requests_period', limit: 50, used: 23, remaining: 27, reset_at: tomorrow },
    { kind: 'tokens_period', limit: 2400, used: 2410, remaining: 0, reset_at: tomorrow },
  ])
  expect(terminal.body.result).toBe(result)
})

test('a turn that cost nothing has used its request', () => {
  const failed: TurnOutcome = { status: 'error', terminal: { type: 'error', body: { code: 'internal' } } }
  const { terminal } = addLimits(failed, measured, now)
  expect(terminal.body['limits']).toMatchObject([{}, { used: 0.3 }, { used: 23 }, { used: 2370 }])
})

test('limits that a new day has reset are left out', () => {
  const { terminal } = addLimits(done, measured, new Date(tomorrow))
  expect(terminal.body['limits']).toMatchObject([{ kind: 'concurrent_turns' }])
})
