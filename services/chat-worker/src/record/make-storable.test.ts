import { parseExactJson } from '@omni2/contracts'
import { expect, test } from 'vitest'
import { makeStorable, makeStorableJson } from './make-storable.ts'

test('replaces what Postgres cannot hold, in texts, values and names', () => {
  expect(makeStorable('a\0b\ud800')).toBe('a\ufffdb\ufffd')
  expect(makeStorableJson({ 'k\0': ['\ud800 \ude00', '👩‍🚀'] })).toEqual({ 'k\ufffd': ['\ufffd \ufffd', '👩‍🚀'] })
})

test('leaves everything else as it is', () => {
  const value = { a: [1, null, true, 'back\\u0000slash', '\\', 'quote"', '\u0001'], b: { c: 'é' } }
  expect(makeStorableJson(value)).toEqual(value)
  expect(makeStorableJson(undefined)).toBeNull()
  const exact = '{"id":18446744073709551615}'
  expect(JSON.stringify(makeStorableJson(parseExactJson(exact)))).toBe(exact)
})
