import { expect, test } from 'vitest'
import { parseExactJson } from './parse-exact-json.ts'

const roundTrip = (json: string) => JSON.stringify(parseExactJson(json))

test.each([
  '{"id":9007199254740993}',
  '[-9223372036854775808,18446744073709551615]',
  '{"price":0.1234567890123456789}',
  '[123456789012345678901234567890.5]',
  '{"deep":[{"id":1152921504606846977}],"text":"12345678901234567890"}',
  '[1.00000000000000000001e5]',
  '[12345678.123456789]',
])('%s - written as it was read', (json) => {
  expect(roundTrip(json)).toBe(json)
})

test.each([
  ['[1,2.5,-3e2,1E3,1.0,0.1,1e21]', [1, 2.5, -300, 1000, 1, 0.1, 1e21]],
  ['[9007199254740992,0.30000000000000004,1000000000000000000000]', [2 ** 53, 0.1 + 0.2, 1e21]],
  ['[0.0000000000000000,-0.0,0e5]', [0, -0, 0]],
])('%s - plain numbers where these are the same', (json, numbers) => {
  expect(parseExactJson(json)).toEqual(numbers)
})

test.each(['[1e400]', '{"a":-1e999}', '[1e-400]', `[0.${'1'.repeat(1000)}]`, `[${'9'.repeat(400)}]`])(
  '%s - no number at all',
  (json) => {
    expect(() => parseExactJson(json)).toThrow(SyntaxError)
  },
)

test('a lone number stays one; a text that looks like one stays a text', () => {
  expect(parseExactJson('12345678901234567890')).toBe(12345678901234567000)
  expect(parseExactJson('"1e400"')).toBe('1e400')
})

test('keys that mean something elsewhere are keys', () => {
  const parsed = parseExactJson('{"__proto__":{"id":9007199254740993}}')
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype)
  expect(JSON.stringify(parsed)).toBe('{"__proto__":{"id":9007199254740993}}')
})
