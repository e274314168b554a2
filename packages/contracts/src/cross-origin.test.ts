import { expect, test } from 'vitest'
import { describeCrossOrigin, isPreflight } from './cross-origin.ts'

const page = 'https://app.example.org'
const rules = { isAllowed: (origin: string) => origin === page }

test('an allowed page may read an answer and its headers, with its credentials', () => {
  expect(describeCrossOrigin({ origin: page }, rules)).toEqual({
    vary: 'Origin',
    'access-control-allow-origin': page,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers':
      'x-session-id, retry-after, x-ratelimit-limit, x-ratelimit-remaining, x-ratelimit-reset',
  })
})

test('an allowed page may send what it asks for', () => {
  const asked = { origin: page, 'access-control-request-method': 'POST' }
  const named = { ...asked, 'access-control-request-headers': 'content-type,traceparent' }
  expect(describeCrossOrigin(named, rules)).toMatchObject({
    'access-control-allow-origin': page,
    'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
    'access-control-allow-headers': 'content-type,traceparent',
    'access-control-max-age': '600',
  })
  expect(describeCrossOrigin(asked, rules)['access-control-allow-headers']).toBe(
    'authorization, content-type, idempotency-key, last-event-id',
  )
})

test.each([undefined, 'null', '*', 'https://evil.example', `${page}.evil.example`])(
  'a page of %s gets nothing, and no cache mixes the two',
  (origin) => {
    const asked = { origin, 'access-control-request-method': 'POST' }
    expect(describeCrossOrigin(asked, rules)).toEqual({ vary: 'Origin' })
  },
)

test.each([
  ['OPTIONS', { origin: page, 'access-control-request-method': 'POST' }, true],
  ['POST', { origin: page, 'access-control-request-method': 'POST' }, false],
  ['OPTIONS', { origin: page }, false],
  ['OPTIONS', { 'access-control-request-method': 'POST' }, false],
])('%s with %j - a preflight: %s', (method, headers, expected) => {
  expect(isPreflight({ method, headers })).toBe(expected)
})
