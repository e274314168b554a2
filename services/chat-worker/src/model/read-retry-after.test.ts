import { APIError } from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { classifyFailure } from './classify-failure.ts'
import { readRetryAfter } from './read-retry-after.ts'

const now = Date.parse('2026-11-27T10:00:00Z')

test.each<[Record<string, string>, object | undefined]>([
  [{}, undefined],
  [{ 'retry-after': '0' }, { ms: 0 }],
  [{ 'retry-after': '2' }, { ms: 2000 }],
  [{ 'retry-after': '1.5' }, { ms: 1500 }],
  [{ 'retry-after-ms': '250.5', 'retry-after': '2' }, { ms: 250.5 }],
  [{ 'retry-after-ms': 'soon', 'retry-after': '2' }, { ms: 2000 }],
  [{ 'retry-after': 'Fri, 27 Nov 2026 10:00:03 GMT' }, { ms: 3000 }],
  [{ 'retry-after': 'Friday, 27-Nov-26 10:00:03 GMT' }, { ms: 3000 }],
  [{ 'retry-after': 'Fri Nov 27 10:00:03 2026' }, { ms: 3000 }],
  // A provider whose clock is an hour ahead.
  [{ 'retry-after': 'Fri, 27 Nov 2026 11:00:03 GMT', date: 'Fri, 27 Nov 2026 11:00:00 GMT' }, { ms: 3000 }],
  [{ 'retry-after': 'Fri, 27 Nov 2026 09:59:59 GMT' }, {}],
  [{ 'retry-after': '-5' }, {}],
  [{ 'retry-after': '' }, {}],
  [{ 'retry-after': '2, 5' }, {}],
  [{ 'retry-after': '0x10' }, {}],
  [{ 'retry-after': 'Infinity' }, {}],
  [{ 'retry-after': '1e3' }, {}],
  [{ 'retry-after': 'Fri, soon' }, {}],
])('%j is read as %j', (headers, expected) => {
  expect(readRetryAfter(new Headers(headers), now)).toEqual(expected)
})

test.each<[string | undefined, object]>([
  [undefined, { code: 'model_spend_cap', isRetryable: false }],
  ['2', { code: 'model_rate_limited', isRetryable: true, retryAfterMs: 2000 }],
  ['-5', { code: 'model_rate_limited', isRetryable: true }],
  ['later', { code: 'model_rate_limited', isRetryable: true }],
  ['Thu, 01 Jan 1970 00:00:00 GMT', { code: 'model_rate_limited', isRetryable: true }],
])('a 429 with retry-after %j is a rate limit, one without is a spend cap', (value, expected) => {
  const headers = new Headers(value === undefined ? {} : { 'retry-after': value })
  const error = new APIError(429, { error: { type: 'rate_limit_error' } }, undefined, headers)
  const { detail: _detail, isOutage: _isOutage, ...failure } = classifyFailure(error)
  expect(failure).toEqual(expected)
})
