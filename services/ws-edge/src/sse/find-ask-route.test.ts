import { expect, test } from 'vitest'
import { findAskRoute } from './find-ask-route.ts'

const sessionId = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'

test.each([
  ['POST', '/ask/stream', { operation: 'ask' }],
  ['POST', '/api/v1/chat/ask/stream', { operation: 'ask' }],
  ['GET', `/ask/stream/${sessionId}`, { operation: 'resume', sessionId }],
  ['GET', `/api/v1/chat/ask/stream/${sessionId}`, { operation: 'resume', sessionId }],
  ['DELETE', `/ask/${sessionId}`, { operation: 'cancel', sessionId }],
  ['GET', '/ask/stream', { operation: 'wrong_method', allow: 'POST' }],
  ['HEAD', `/ask/stream/${sessionId}`, { operation: 'wrong_method', allow: 'GET' }],
  ['POST', `/ask/${sessionId}`, { operation: 'wrong_method', allow: 'DELETE' }],
])('%s %s is %o', (method, path, route) => {
  expect(findAskRoute({ method, path })).toEqual(route)
})

test.each([
  '/',
  '/ask',
  '/ask/',
  '/ask/stream/',
  '/askstream',
  `/ask/${sessionId.toUpperCase()}`,
  `/ask/stream/${sessionId}/`,
  `/ask/stream/../${sessionId}`,
  `/api/v1/chat/ask/${sessionId}`,
  '/ask/stream/*',
])('%s is nothing', (path) => {
  expect(findAskRoute({ method: 'POST', path })).toBeUndefined()
})
