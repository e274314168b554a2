import { parseAddressRange } from '@omni2/net'
import { expect, test } from 'vitest'
import { readForwardedRequest, readOwnRequest } from './read-forwarded-request.ts'

const deps = { trustedProxies: [parseAddressRange('127.0.0.1')!] }
const own = { method: 'GET', url: '/validate?x=1', ip: '127.0.0.1' }

test('takes method, path and ticket from the gateway and keeps no query', () => {
  const headers = {
    authorization: 'Bearer a',
    cookie: 'a=b',
    origin: 'http://localhost',
    'sec-fetch-site': 'same-origin',
    'x-forwarded-method': 'POST',
    'x-forwarded-uri': '/ws/chat?a=b&ticket=sec%2Dret?#x',
    'x-forwarded-host': 'localhost:8080',
  }
  expect(readForwardedRequest({ ...own, headers }, deps)).toEqual({
    authorization: 'Bearer a',
    cookies: 'a=b',
    origin: 'http://localhost',
    fetchSite: 'same-origin',
    tickets: ['sec-ret?'],
    method: 'POST',
    path: '/ws/chat',
    entry: { address: '127.0.0.1', isSecure: false, host: 'localhost:8080' },
  })
})

test('takes its own where the gateway says nothing', () => {
  const headers = { 'x-forwarded-uri': '' }
  expect(readForwardedRequest({ ...own, headers }, deps)).toMatchObject({ method: 'GET', path: '/validate' })
})

test('a header that came twice matches no request', () => {
  const headers = { 'x-forwarded-uri': ['/a', '/b'] }
  expect(readForwardedRequest({ ...own, headers }, deps).path).toBe('/a, /b')
})

test('a request for this service itself is what it is, whatever it says it was', () => {
  const headers = { 'x-forwarded-method': 'GET', 'x-forwarded-uri': '/ws/chat?ticket=a' }
  const request = readOwnRequest({ ...own, method: 'POST', url: '/auth/logout', headers }, deps)
  expect(request).toMatchObject({ method: 'POST', path: '/auth/logout', tickets: [] })
})

test('finds every ticket', () => {
  const headers = { 'x-forwarded-uri': '/ws/chat?ticket=a&ticket=b&Ticket=c' }
  expect(readForwardedRequest({ ...own, headers }, deps).tickets).toEqual(['a', 'b'])
})
