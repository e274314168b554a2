import { expect, test } from 'vitest'
import { isInRanges, parseAddressRange } from './address-range.ts'

test.each(['10.0.0.0/8', '127.0.0.1', '127.0.0.1/32', '0.0.0.0/0', 'fd00::/8', '::1', '::1/128'])(
  '%s is a range',
  (word) => expect(parseAddressRange(word)).toBeDefined(),
)

test.each([
  '',
  'proxy',
  '10.0.0.0/33',
  '10.0.0/8',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0.0/-1',
  'fd00::/129',
  '*',
  '10.1',
  '0x7f.1',
  '::/129',
])('%j is none', (word) => expect(parseAddressRange(word)).toBeUndefined())

const ranges = ['10.0.0.0/8', 'fd00::/8'].map((range) => parseAddressRange(range)!)

test.each([
  ['10.1.2.3', true],
  ['::ffff:10.1.2.3', true],
  ['fd12::1', true],
  ['11.0.0.1', false],
  ['::ffff:11.0.0.1', false],
  ['fe80::1', false],
  ['not an address', false],
  [undefined, false],
])('%s is in the ranges: %s', (address, isIn) => {
  expect(isInRanges(address, ranges)).toBe(isIn)
})

test('nothing is in no range', () => {
  expect(isInRanges('127.0.0.1', [])).toBe(false)
})
