import fc from 'fast-check'
import { expect, test } from 'vitest'
import { levelOff } from './level-off.ts'

test.each([
  [[], 0, Infinity],
  [[1, 2, 3], 6, Infinity],
  [[10, 2, 30], 22, 10],
  [[10, 2, 30], 12, 5],
  [[9, 9, 9], 10, 3],
  [[9, 9], -5, 0],
])('%j in %i are cut at %d', (sizes, room, level) => {
  expect(levelOff(sizes, room)).toBe(level)
})

test('what is cut at the level fits, and at one more it does not', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(1000), { maxLength: 20 }), fc.nat(10_000), (sizes, room) => {
      const sumAt = (level: number) => sizes.reduce((sum, size) => sum + Math.min(size, level), 0)
      const level = levelOff(sizes, room)
      expect(sumAt(level)).toBeLessThanOrEqual(room)
      expect(level === Infinity || sumAt(level + 1) > room).toBe(true)
    }),
  )
})
