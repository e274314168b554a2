import { expect, test } from 'vitest'
import { closeCodes } from '@omni2/contracts'
import { finalCloseCodes } from './judge-end.ts'
import { chooseDelayMs } from './retry-policy.ts'

test('the codes that end a chat are those of the protocol', () => {
  const final = Object.entries(closeCodes).filter(([, { reconnect }]) => !reconnect)
  expect(finalCloseCodes).toEqual(final.map(([code]) => Number(code)))
})

test('a delay is anything up to its bound', () => {
  const policy = { baseMs: 100, capMs: 1000, tries: 5 }
  expect([0, 1, 2, 3, 4, 50].map((failures) => chooseDelayMs(failures, policy, () => 1))).toEqual([
    100, 200, 400, 800, 1000, 1000,
  ])
  expect(chooseDelayMs(3, policy, () => 0)).toBe(0)
})
