import { expect, test } from 'vitest'
import { readForwardedRequest } from './read-forwarded-request.ts'

const own = { method: 'GET', url: '/validate?x=1' }

test('takes method and path from the gateway and drops the query', () => {
  const headers = {
    authorization: 'Bearer a',
    'x-forwarded-method': 'POST',
    'x-forwarded-uri': '/ws/chat?ticket=secret?#',
  }
  expect(readForwardedRequest({ ...own, headers })).toEqual({
    authorization: 'Bearer a',
    method: 'POST',
    path: '/ws/chat',
  })
})

test('takes its own where the gateway says nothing', () => {
  const headers = { 'x-forwarded-uri': '' }
  expect(readForwardedRequest({ ...own, headers })).toMatchObject({ method: 'GET', path: '/validate' })
})

test('a header that came twice matches no request', () => {
  const headers = { 'x-forwarded-uri': ['/a', '/b'] }
  expect(readForwardedRequest({ ...own, headers }).path).toBe('/a, /b')
})
