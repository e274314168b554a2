import { expect, test } from 'vitest'
import { chooseStep, mostSteps } from './choose-step.ts'

const hour = 3_600_000

test.each([
  [hour, 60],
  [24 * hour, 900],
  [7 * 24 * hour, 3 * 3600],
  [30 * 24 * hour, 24 * 3600],
  [365 * 24 * hour, 7 * 24 * 3600],
])('%i ms in steps of %i s', (rangeMs, step) => {
  expect(chooseStep(rangeMs)).toBe(step)
  expect(rangeMs / 1000 / step).toBeLessThanOrEqual(mostSteps)
})

test('a range of many years still has a bounded number of steps', () => {
  const rangeMs = 40 * 365 * 24 * hour
  expect(rangeMs / 1000 / chooseStep(rangeMs)).toBeLessThanOrEqual(mostSteps)
})
