import { expect, test } from 'vitest'
import { parseQuestion } from './parse-question.ts'

const parse = (body: string): string => parseQuestion(new TextEncoder().encode(body), { textLength: 10 })

test('a question is its message, whatever else the body says', () => {
  expect(parse('{"message":"hello","user_id":99,"role":"admin"}')).toBe('hello')
})

test('half a surrogate pair becomes a character that can be stored', () => {
  expect(parse('{"message":"a\\ud800"}')).toBe('a\uFFFD')
})

test.each([
  ['{', 'invalid_json', 422],
  ['[]', 'invalid_frame', 422],
  ['"message"', 'invalid_frame', 422],
  ['{"message":null}', 'invalid_text', 422],
  ['{"message":"\\t"}', 'invalid_text', 422],
  ['{"message":"01234567890"}', 'text_too_long', 413],
])('%s is refused as %s', (body, code, status) => {
  expect(() => parse(body)).toThrow(expect.objectContaining({ code, status }))
})
