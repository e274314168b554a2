import { expect, test } from 'vitest'
import { describeDifference } from './describe-difference.ts'

test('shows each field that became different, old to new', () => {
  const before = { period_days: 30, max_requests: null, max_cost: 5, tools: ['a'] }
  const after = { period_days: 30, max_requests: 10, max_cost: null, tools: ['a', 'b'] }
  expect(describeDifference({ before, after })).toEqual([
    '  max_requests  none → 10',
    '  max_cost      5 → none',
    '  tools         ["a"] → ["a","b"]',
  ])
})

test('shows what there is where there was nothing, and nothing that is not set', () => {
  expect(describeDifference({ before: null, after: { max_cost: 5, max_tokens: null } })).toEqual([
    '  max_cost  none → 5',
  ])
})

test('says that nothing is different', () => {
  expect(describeDifference({ before: { a: 1 }, after: { a: 1 } })).toEqual([
    '  it was so before: nothing is different',
  ])
})
