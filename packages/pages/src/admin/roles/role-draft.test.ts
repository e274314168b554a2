import { expect, test } from 'vitest'
import { bodyOf, hasNumbers, newRole } from './role-draft.ts'

test('limits - empty is none, a number is one, anything else is no limit by mistake', () => {
  expect(bodyOf({ ...newRole, costLimit: ' ', rateLimit: '7' })).toMatchObject({
    cost_limit_daily: null,
    rate_limit: 7,
  })
  expect(hasNumbers({ ...newRole, costLimit: '' })).toBe(true)
  expect(hasNumbers({ ...newRole, costLimit: '2.5' })).toBe(true)
  expect(hasNumbers({ ...newRole, costLimit: 'much' })).toBe(false)
})
