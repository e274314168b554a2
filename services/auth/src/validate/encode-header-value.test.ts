import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeHeaderValue } from './encode-header-value.ts'

test.each([
  ['alice', 'alice'],
  ['alice@example.org', 'alice@example.org'],
  ['John Smith', 'John Smith'],
  [' x ', '%20x%20'],
  ['100%', '100%25'],
  ['Jörg', 'J%C3%B6rg'],
  ['李雷 😀', '%E6%9D%8E%E9%9B%B7 %F0%9F%98%80'],
  ['a\r\nX-User-Role: admin', 'a%0D%0AX-User-Role: admin'],
  ['', ''],
])('writes %j as %j', (text, value) => {
  expect(encodeHeaderValue(text)).toBe(value)
})

test('any text arrives through real headers and comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const value = new Headers({ name: encodeHeaderValue(text) }).get('name') ?? ''
      expect(value).toMatch(/^[\x20-\x7e]*$/)
      expect(decodeURIComponent(value)).toBe(text)
    }),
  )
})

test('a half of a surrogate pair does not throw', () => {
  expect(encodeHeaderValue('a\uD800b')).toBe('a%EF%BF%BDb')
})
