import { expect, test } from 'vitest'
import { costOf, listMissingCosts } from './comparison-costs.ts'

test.each([
  [4, 12],
  [10, 12],
  [11, 12],
  [12, 12],
])('a comparison of cost %i and what is missing take the rounds of cost %i', (done, whole) => {
  const rounds = [done, ...listMissingCosts(done, whole)].reduce((sum, cost) => sum + 2 ** cost, 0)
  expect(rounds).toBe(2 ** whole)
})

test('a hash that costs more is compared once', () => {
  expect(listMissingCosts(13, 12)).toEqual([])
})

test('the cost stands in the hash', () => {
  expect(costOf(`$2b$09$${'a'.repeat(53)}`)).toBe(9)
})
