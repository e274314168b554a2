import { expect, test } from 'vitest'
import { findAskRoute } from './find-ask-route.ts'

const turnId = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'

test.each([
  ['POST', '/ask/stream', { operation: 'ask' }],
  ['POST', '/api/v1/chat/ask/stream', { operation: 'ask' }],
  ['GET', `/ask/stream/${turnId}`, { operation: 'resume', turnId }],
  ['GET', `/api/v1/chat/ask/stream/${turnId}`, { operation: 'resume', turnId }],
  ['DELETE', `/ask/${turnId}`, { operation: 'cancel', turnId }],
  ['GET', '/ask/stream', { operation: 'wrong_method', allow: 'POST' }],
  ['HEAD', `/ask/stream/${turnId}`, { operation: 'wrong_method', allow: 'GET' }],
  ['POST', `/ask/${turnId}`, { operation: 'wrong_method', allow: 'DELETE' }],
])('%s %s is %o', (method, path, route) => {
  expect(findAskRoute({ method, path })).toEqual(route)
})

test.each([
  '/',
  '/ask',
  '/ask/',
  '/ask/stream/',
  '/askstream',
  `/ask/${turnId.toUpperCase()}`,
  `/ask/stream/${turnId}/`,
  `/ask/stream/../${turnId}`,
  `/api/v1/chat/ask/${turnId}`,
  '/ask/stream/*',
])('%s is nothing', (path) => {
  expect(findAskRoute({ method: 'POST', path })).toBeUndefined()
})
