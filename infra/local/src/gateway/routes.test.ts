import { expect, test } from 'vitest'
import { findRoute, makeRoutes } from './routes.ts'

const urls = {
  AUTH_URL: 'http://auth',
  EDGE_URLS: ['http://a', 'http://b', 'http://c'],
  CONSOLE_URL: 'http://console',
}
const routes = makeRoutes(urls)

test.each([
  ['/ws/chat', 'ws-edge', '/ws/chat'],
  ['/ws/chat?ticket=x', 'ws-edge', '/ws/chat'],
  ['/ws/other', 'ws-edge', '/ws'],
  ['/ask/stream', 'ws-edge', '/ask'],
  ['/ask/0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11', 'ws-edge', '/ask'],
  ['/api/v1/chat/ask/stream', 'ws-edge', '/api/v1/chat/ask/stream'],
  ['/api/v1/chat/ask/stream/0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11', 'ws-edge', '/api/v1/chat/ask/stream'],
  ['/api/v1/chat', 'console', '/api'],
  ['/api/admin/v1/users?limit=1', 'console', '/api'],
  ['/auth/login', 'auth', '/auth'],
  ['/.well-known/jwks.json', 'auth', '/.well-known/jwks.json'],
  ['/', 'console', '/'],
  ['/?x', 'console', '/'],
  ['/login?next=%2Fchat', 'console', '/login'],
  ['/chat/0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11', 'console', '/chat'],
  ['/analytics/flow-history', 'console', '/analytics'],
  ['/live', 'console', '/live'],
  ['/admin/changes', 'console', '/admin'],
  ['/assets/index-1.js', 'console', '/assets'],
])('%s goes to %s by %s', (url, name, path) => {
  expect(findRoute({ url }, routes)).toMatchObject({ name, path })
})

test.each([
  '/wsx',
  '/authx',
  '/validate',
  '/askx',
  '/apix',
  '/x/auth/login',
  '//ws/chat',
  'http://host/ws/chat',
])('%s goes nowhere', (url) => {
  expect(findRoute({ url }, routes)).toBeUndefined()
})

test('sockets, questions and operators need proof of identity, logins do not', () => {
  expect(findRoute({ url: '/ask/stream' }, routes)?.forwardAuth).toBe(true)
  expect(findRoute({ url: '/api/v1/chat/ask/stream' }, routes)?.forwardAuth).toBe(true)
  expect(findRoute({ url: '/ws/chat' }, routes)?.forwardAuth).toBe(true)
  expect(findRoute({ url: '/api/admin/v1/users' }, routes)?.forwardAuth).toBe(true)
  expect(findRoute({ url: '/auth/login' }, routes)?.forwardAuth).toBe(false)
  expect(findRoute({ url: '/' }, routes)?.forwardAuth).toBe(false)
})

test('all routes to the edges take turns together, and name the others to fall back on', () => {
  const own = makeRoutes(urls)
  const next = (url: string) => findRoute({ url }, own)?.nextUpstreams()
  expect(next('/ws/chat')).toEqual(['http://a', 'http://b', 'http://c'])
  expect(next('/ws')).toEqual(['http://b', 'http://c', 'http://a'])
  expect(next('/ask/stream')).toEqual(['http://c', 'http://a', 'http://b'])
})

test('edges that are silent come last, and first again as soon as they answer', () => {
  const silent = new Set(['http://a', 'http://c'])
  const own = makeRoutes(urls, silent)
  const next = () => findRoute({ url: '/ws/chat' }, own)?.nextUpstreams()
  expect(next()).toEqual(['http://b', 'http://a', 'http://c'])
  expect(next()).toEqual(['http://b', 'http://c', 'http://a'])
  silent.clear()
  expect(next()).toEqual(['http://c', 'http://a', 'http://b'])
})
