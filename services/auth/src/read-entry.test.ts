import { expect, test } from 'vitest'
import { readEntry } from './read-entry.ts'
import { makeTrustedProxies } from './trusted-proxies.ts'

const trustedProxies = makeTrustedProxies(['127.0.0.0/8', '::1', '10.0.0.0/8', 'fd00::/8'])
const addressOf = (forwardedFor: string, ip = '127.0.0.1') =>
  readEntry({ headers: { 'x-forwarded-for': forwardedFor }, ip }, { trustedProxies }).address

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['203.0.113.9, 10.1.2.3', '203.0.113.9'],
  ['1.1.1.1,203.0.113.9,10.1.2.3,127.0.0.1', '203.0.113.9'],
  ['127.0.0.1', '127.0.0.1'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8::1, fd00::7', '2001:db8::1'],
  ['', '127.0.0.1'],
])('from a trusted proxy that says %j the client is %s', (header, address) => {
  expect(addressOf(header)).toBe(address)
  expect(addressOf(header, '::ffff:127.0.0.1')).toBe(address)
})

test('nobody else is believed', () => {
  const headers = {
    host: 'auth:8081',
    'x-forwarded-for': '1.1.1.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'chat.example.org',
  }
  expect(readEntry({ headers, ip: '203.0.113.9' }, { trustedProxies })).toEqual({
    address: '203.0.113.9',
    isSecure: false,
    host: 'auth:8081',
  })
  expect(readEntry({ headers, ip: '10.1.2.3' }, { trustedProxies })).toEqual({
    address: '1.1.1.1',
    isSecure: true,
    host: 'chat.example.org',
  })
})

test('Traefik calls the scheme of a socket wss', () => {
  const headers = { 'x-forwarded-proto': 'wss' }
  expect(readEntry({ headers, ip: '::1' }, { trustedProxies }).isSecure).toBe(true)
})

test.each(['localhost', '10.0.0.0/33', '10.0.0.0/', '::/129', '', '10.0.0.0/-1'])(
  '%j is no range',
  (range) => {
    expect(() => makeTrustedProxies([range])).toThrow(TypeError)
  },
)
