import { parseAddressRange } from '@omni2/net'
import { expect, test } from 'vitest'
import { readEntry } from './read-entry.ts'

const trustedProxies = ['127.0.0.0/8', '::1', '10.0.0.0/8', 'fd00::/8'].map((range) =>
  parseAddressRange(range)!,
)

test('no other caller is trusted', () => {
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
