import { expect, test } from 'vitest'
import { isBlank } from './is-blank.ts'

test.each(['', ' \n\t\r', '\u00a0\u3000\u2028', '\u001f\u0085'])('%j is blank', (text) => {
  expect(isBlank(text)).toBe(true)
})

test.each(['.', ' a ', '\u200b', '👋'])('%j is not blank', (text) => {
  expect(isBlank(text)).toBe(false)
})
