import { expect, test } from 'vitest'
import { judgeDifference } from './watch-clock.ts'

const askedAt = 1_000_000

test.each([
  ['answer at once, same clocks', { answeredAt: askedAt + 1, theirs: askedAt }, 0],
  ['slow answer, same clocks', { answeredAt: askedAt + 9000, theirs: askedAt + 8000 }, 0],
  ['ours is five minutes ahead', { answeredAt: askedAt + 2, theirs: askedAt - 300_000 }, 300_001],
  ['ours is five minutes behind', { answeredAt: askedAt + 2, theirs: askedAt + 300_000 }, -299_999],
  ['healthy drift', { answeredAt: askedAt + 2, theirs: askedAt + 1900 }, 0],
])('clock - %s', (_what, seen, difference) => {
  expect(judgeDifference({ askedAt, ...seen })).toBe(difference)
})
