import { expect, test } from 'vitest'
import { parseAddressRange } from './address-range.ts'
import { readClientAddress } from './read-client-address.ts'

const trusted = ['127.0.0.0/8', '::1', '10.0.0.0/8', 'fd00::/8'].map((range) => parseAddressRange(range)!)

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['203.0.113.9, 10.1.2.3', '203.0.113.9'],
  ['1.1.1.1,203.0.113.9,10.1.2.3,127.0.0.1', '203.0.113.9'],
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8::1, fd00::7', '2001:db8::1'],
  ['', '127.0.0.1'],
  [undefined, '127.0.0.1'],
  [['1.1.1.1', '203.0.113.9, 10.0.0.1'], '203.0.113.9'],
  ['x'.repeat(1000), 'x'.repeat(64)],
])('from a trusted proxy that says %j the client is %s', (forwardedFor, address) => {
  expect(readClientAddress({ peer: '127.0.0.1', forwardedFor }, trusted)).toBe(address)
  expect(readClientAddress({ peer: '::ffff:127.0.0.1', forwardedFor }, trusted)).toBe(address)
})

test('no other peer is believed, and a connection that has gone has no address', () => {
  const forwardedFor = '1.1.1.1'
  expect(readClientAddress({ peer: '::ffff:203.0.113.9', forwardedFor }, trusted)).toBe('203.0.113.9')
  expect(readClientAddress({ peer: undefined, forwardedFor }, trusted)).toBeUndefined()
})
