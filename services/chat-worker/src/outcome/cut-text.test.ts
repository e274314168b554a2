import { expect, test } from 'vitest'
import { cutText } from './cut-text.ts'

test('a long text - its beginning and its length', () => {
  expect(cutText('a'.repeat(31_000))).toBe(`${'a'.repeat(500)}… [cut, 31000 characters]`)
})

test('a text that the mark would make longer - stays whole', () => {
  for (const length of [1, 500, 520]) expect(cutText('a'.repeat(length))).toHaveLength(length)
  for (let length = 1; length < 2000; length += 1)
    expect(cutText('a'.repeat(length)).length).toBeLessThanOrEqual(length)
})

test('a pair of surrogates at the cut - is not split', () => {
  expect(cutText(`${'a'.repeat(499)}😀${'b'.repeat(500)}`)).toBe(`${'a'.repeat(499)}… [cut, 1001 characters]`)
})
