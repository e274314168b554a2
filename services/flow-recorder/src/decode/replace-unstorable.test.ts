import { expect, test } from 'vitest'
import { replaceUnstorable } from './replace-unstorable.ts'

const roundTrip = (json: string): unknown => JSON.parse(replaceUnstorable(json))

test('U+0000 - becomes U+FFFD, in keys too', () => {
  expect(roundTrip(JSON.stringify({ 'k\u0000': ['a\u0000b', '\u0000'] }))).toEqual({
    'k\ufffd': ['a\ufffdb', '\ufffd'],
  })
})

test.each([String.raw`"\ud83d"`, String.raw`"\uDE00"`])('half of a pair %s - becomes U+FFFD', (json) => {
  expect(roundTrip(json)).toBe('\ufffd')
})

test('two first halves before a second - only the first is replaced', () => {
  expect(roundTrip(String.raw`"\ud83d\ud83d\ude00"`)).toBe('\ufffd😀')
})

test.each([
  String.raw`"\ud83d\ude00"`,
  String.raw`"\\u0000"`,
  String.raw`"\\\\ud83d"`,
  String.raw`"\"\n\u0001\u00e9"`,
  '"plain"',
])('%s - stays as it is', (json) => {
  expect(replaceUnstorable(json)).toBe(json)
})

test('an escaped backslash before an escape - does not hide it', () => {
  expect(roundTrip(String.raw`"\\\u0000"`)).toBe('\\\ufffd')
})
