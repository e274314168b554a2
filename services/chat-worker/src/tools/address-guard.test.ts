import { parseAddressRange, type AddressRange } from '@omni2/net'
import { expect, test } from 'vitest'
import { isAddressPermitted } from './address-guard.ts'

const ranges = (...texts: string[]): AddressRange[] =>
  texts.map(parseAddressRange).filter((range) => range !== undefined)

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '100.127.255.255',
  '169.254.169.254',
  '169.254.170.2',
  '192.0.0.192',
  '192.0.2.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '192.88.99.1',
  '::',
  '::1',
  '::127.0.0.1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::ffff:10.0.0.1',
  '::ffff:169.254.169.254',
  '::ffff:0:127.0.0.1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::a00:1',
  '64:ff9b:1::1',
  '2002:7f00:1::',
  '2001::1',
  '2001:db8::1',
  'fc00::1',
  'fd00:ec2::254',
  'fe80::1',
  'fe80::1%eth0',
  'fec0::1',
  'ff02::1',
  '100::1',
  '5f00::1',
  '3fff::1',
  '4000::1',
  'not an address',
  '',
  '127.1',
  '0x7f000001',
  '2130706433',
])('%j is refused', (address) => {
  expect(isAddressPermitted(address, [])).toBe(false)
})

test.each(['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(isAddressPermitted(address, [])).toBe(true)
  },
)

test('an allowed range permits what is in it, however it is written, and nothing else', () => {
  const allowed = ranges('127.0.0.0/8', '::1/128', 'fd00::/8')
  const isPermitted = (address: string) => isAddressPermitted(address, allowed)
  expect(['127.0.0.1', '::ffff:127.0.0.1', '::1', 'fd12::1'].map(isPermitted)).toEqual([
    true,
    true,
    true,
    true,
  ])
  expect(['10.0.0.1', '::2', 'fe80::1'].map(isPermitted)).toEqual([false, false, false])
})

/** What URL parsers make of the ways to write a loopback or metadata address. */
test.each([
  'http://2130706433/',
  'http://0x7f000001/',
  'http://0177.0.0.1/',
  'http://127.1/',
  'http://0x7f.1/',
  'http://127.0.0.1./',
  'http://[::ffff:127.0.0.1]/',
  'http://[0:0:0:0:0:ffff:7f00:1]/',
  'http://[::1]/',
  'http://①②⑦.⓪.⓪.①/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://0/',
])('%s leads to an address that is refused', (url) => {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  expect(isAddressPermitted(host, [])).toBe(false)
})
