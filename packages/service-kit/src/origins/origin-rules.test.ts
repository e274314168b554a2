import { expect, test } from 'vitest'
import { makeOriginRules, type AskedSite } from './origin-rules.ts'

test.each<[string, AskedSite, boolean]>([
  ['https://chat.example.org', { host: 'chat.example.org' }, true],
  ['https://chat.example.org', { host: 'Chat.Example.org' }, true],
  ['http://localhost:8080', { host: 'localhost:8080' }, true],
  ['http://localhost:8081', { host: 'localhost:8080' }, false],
  ['https://chat.example.org.evil.example', { host: 'chat.example.org' }, false],
  ['https://evil.example', { host: 'chat.example.org' }, false],
  ['https://chat.example.org/', { host: 'chat.example.org' }, false],
  ['https://me@chat.example.org', { host: 'chat.example.org' }, false],
  ['ftp://chat.example.org', { host: 'chat.example.org', isSecure: false }, false],
  ['null', { host: 'null' }, false],
  ['null', { host: '' }, false],
  ['', { host: '' }, false],
  ['https://chat.example.org', { host: undefined }, false],
  ['https://chat.example.org', { host: 'chat.example.org', isSecure: true }, true],
  ['http://chat.example.org', { host: 'chat.example.org', isSecure: true }, false],
  ['https://chat.example.org', { host: 'chat.example.org', isSecure: false }, false],
])('with nothing listed: %s at %j - %s', (origin, asked, allowed) => {
  expect(makeOriginRules({ added: [], only: [] }).allows(origin, asked)).toBe(allowed)
})

test('added origins come beside the own one', () => {
  const { allows } = makeOriginRules({ added: ['https://app.example.org'], only: [] })
  expect(allows('https://app.example.org', { host: 'edge' })).toBe(true)
  expect(allows('http://app.example.org', { host: 'edge' })).toBe(false)
  expect(allows('https://app.example.org:8443', { host: 'edge' })).toBe(false)
  expect(allows('https://edge', { host: 'edge' })).toBe(true)
})

test('where some are named as the only ones, the own one counts no more', () => {
  const { allows } = makeOriginRules({ added: ['https://a.example'], only: ['https://b.example'] })
  expect(allows('https://a.example', { host: 'edge' })).toBe(true)
  expect(allows('https://b.example', { host: 'edge' })).toBe(true)
  expect(allows('https://edge', { host: 'edge' })).toBe(false)
})
