import { expect, test } from 'vitest'
import { findExcess } from './limit-outboxes.ts'

const holder = (bufferedBytes: number) => ({ bufferedBytes, giveUp: () => {} })
const holding = [holder(50), holder(30), holder(10), holder(10)]

test.each([
  ['what fits', 100, 0],
  ['a little too much', 99, 1],
  ['more than the first one holds', 49, 2],
  ['nothing may wait', 0, 4],
])('%s - below %i bytes - closes %i, those furthest behind', (_what, maxBytes, closed) => {
  expect(findExcess(holding, maxBytes)).toEqual(holding.slice(0, closed))
})
