import { expect, test } from 'vitest'
import { isAddressRange, makePeerCheck } from './address-ranges.ts'

test.each(['10.0.0.0/8', '127.0.0.1', '127.0.0.1/32', '0.0.0.0/0', 'fd00::/8', '::1', '::1/128'])(
  '%s is a range',
  (word) => expect(isAddressRange(word)).toBe(true),
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
])('%j is none', (word) => expect(isAddressRange(word)).toBe(false))

test.each([
  ['10.1.2.3', true],
  ['::ffff:10.1.2.3', true],
  ['fd12::1', true],
  ['11.0.0.1', false],
  ['::ffff:11.0.0.1', false],
  ['fe80::1', false],
  ['not an address', false],
  [undefined, false],
])('a peer at %s is trusted: %s', (peer, trusted) => {
  expect(makePeerCheck(['10.0.0.0/8', 'fd00::/8'])(peer)).toBe(trusted)
})

test('no range trusts nobody', () => {
  expect(makePeerCheck([])('127.0.0.1')).toBe(false)
})
