import { expect, test } from 'vitest'
import { parseJson } from './read-body.ts'

test.each([
  ['a pair', String.raw`{"a":"\ud83d\ude00"}`],
  ['a pair in capitals', String.raw`{"a":"\uD83D\uDE00"}`],
  ['two pairs', String.raw`{"a":"\ud83d\ude00\ud83d\ude00"}`],
  ['what only looks like half a pair', String.raw`{"a":"\\ud83d"}`],
  ['the character itself', '{"a":"😀"}'],
])('takes %s', (_, body) => {
  expect(parseJson(body)).toEqual(JSON.parse(body))
})

test.each([
  ['no low surrogate', String.raw`{"a":"\ud83d"}`],
  ['no low surrogate', String.raw`{"a":"\ud83dx\ude00"}`],
  ['no low surrogate', String.raw`{"a":"\ud83d\u0041"}`],
  ['no low surrogate', String.raw`{"a":"\ud83d\ud83d\ude00"}`],
  ['no low surrogate', String.raw`{"a":"\ud83d","b":"\ude00"}`],
  ['no low surrogate', String.raw`{"a":"\\\ud83d"}`],
  ['no low surrogate', String.raw`{"\ud83d":1}`],
  ['invalid high surrogate', String.raw`{"a":"\ude00"}`],
  ['cannot be parsed', '{"a"'],
  ['cannot be parsed', ''],
  ['cannot be parsed', '{"a":NaN}'],
])('refuses with "%s": %s', (message, body) => {
  expect(() => parseJson(body)).toThrow(
    `the request body is not valid JSON: ${message === 'cannot be parsed' ? 'it ' : ''}${message}`,
  )
})
