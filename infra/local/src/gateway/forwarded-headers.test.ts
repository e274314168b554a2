import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { setForwardedHeaders } from './forwarded-headers.ts'

const forward = (sent: Record<string, string>, isBalancer: boolean) => {
  const headers: Record<string, string> = { host: '127.0.0.1:8080', ...sent }
  const socket = { remoteAddress: '127.0.0.1', localPort: 8080 } as Socket
  setForwardedHeaders({ headers, socket }, { isBalancer: () => isBalancer })
  return headers
}

const claimed = {
  'x-forwarded-for': '198.51.100.7',
  'x-forwarded-host': 'chat.example.org',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
  'x-real-ip': '198.51.100.7',
  'x-forwarded-user': 'admin',
  forwarded: 'for=198.51.100.7',
}

test('what a client claims is replaced', () => {
  expect(forward(claimed, false)).toEqual({
    host: '127.0.0.1:8080',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': '127.0.0.1:8080',
    'x-forwarded-port': '8080',
    'x-forwarded-proto': 'http',
    'x-real-ip': '127.0.0.1',
  })
})

test('what a proxy in front says goes on, with its own address behind it, and nothing else of it', () => {
  expect(forward(claimed, true)).toEqual({
    host: '127.0.0.1:8080',
    'x-forwarded-for': '198.51.100.7, 127.0.0.1',
    'x-forwarded-host': 'chat.example.org',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
    'x-real-ip': '127.0.0.1',
  })
})

test('where a proxy in front says nothing, it is the client', () => {
  expect(forward({}, true)).toMatchObject({ 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http' })
})
