import { expect, test } from 'vitest'
import { makeOriginRules } from '@omni2/service-kit'
import { checkOrigin } from './check-origin.ts'

const listed = ['https://chat.example.org', 'http://localhost:8080']
const rules = { origins: makeOriginRules({ added: listed, only: [] }) }
const entry = { host: 'auth.example.org', isSecure: true }
const judge = (request: Partial<Parameters<typeof checkOrigin>[0]>): string => {
  try {
    checkOrigin(
      { method: 'GET', path: '/', origin: undefined, fetchSite: undefined, entry, ...request },
      rules,
    )
    return 'allowed'
  } catch (error) {
    return (error as { code: string }).code
  }
}

test('an Origin on the list is allowed for everything', () => {
  for (const origin of [...listed, 'https://auth.example.org']) {
    expect(judge({ origin, method: 'POST', path: '/ask/stream' })).toBe('allowed')
    expect(judge({ origin, path: '/ws/chat', fetchSite: 'same-site' })).toBe('allowed')
  }
})

test.each([
  'https://evil.example.org',
  'http://chat.example.org',
  'https://chat.example.org:8443',
  'https://chat.example.org.evil.org',
  'https://chat.example.org/',
  'https://CHAT.example.org',
  'https://user@chat.example.org',
  'http://localhost',
  'https://chat.example.org, https://evil.example.org',
  'null',
  '',
])('the Origin %j is foreign, whatever else is said', (origin) => {
  expect(judge({ origin })).toBe('foreign_origin')
  expect(judge({ origin, fetchSite: 'same-origin' })).toBe('foreign_origin')
})

test.each(['same-origin', 'none'])(
  'without Origin, reads that the browser calls %s are allowed',
  (fetchSite) => {
    expect(judge({ fetchSite })).toBe('allowed')
    expect(judge({ fetchSite, method: 'HEAD' })).toBe('allowed')
    expect(judge({ fetchSite, path: '/wsx' })).toBe('allowed')
  },
)

test.each([
  { fetchSite: 'same-site' },
  { fetchSite: 'cross-site' },
  { fetchSite: 'same-origin, none' },
  {},
  { fetchSite: 'same-origin', method: 'POST' },
  { fetchSite: 'same-origin', method: 'DELETE' },
  { fetchSite: 'same-origin', method: 'get' },
  { fetchSite: 'same-origin', path: '/ws' },
  { fetchSite: 'same-origin', path: '/ws/chat' },
])('without Origin, %j is refused', (request) => {
  expect(judge(request)).toBe('origin_missing')
})
