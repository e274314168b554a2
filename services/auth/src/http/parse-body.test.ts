import { expect, test } from 'vitest'
import { loginRequestSchema } from '@omni2/contracts'
import { parseBody } from './parse-body.ts'

test('gives the body as it came', () => {
  const body = { username: ' Jörg@x.org', password: 'p' }
  expect(parseBody(loginRequestSchema, body)).toEqual(body)
})

test.each([
  [undefined, 'body'],
  ['text', 'body'],
  [[], 'body'],
  [{ username: 'a' }, 'password'],
  [{ username: '', password: 'p' }, 'username'],
  [{ username: 'a\0b', password: 'p' }, 'username'],
  [{ username: 'a', password: ['p'] }, 'password'],
  [{ username: 'a'.repeat(321), password: 'p' }, 'username'],
  [{ username: 'a', password: 'hunter2'.repeat(200) }, 'password'],
])('names the bad field of %j', (body, field) => {
  expect(() => parseBody(loginRequestSchema, body)).toThrow(new RegExp(`^${field}: `))
  expect(() => parseBody(loginRequestSchema, body)).not.toThrow('hunter2')
})
