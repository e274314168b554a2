import { expect, test } from 'vitest'
import { parseCredentials } from './parse-credentials.ts'

test('takes username and password and nothing else', () => {
  const body = { username: ' Jörg@x.org', password: 'p', role: 'admin' }
  expect(parseCredentials(body)).toEqual({ username: ' Jörg@x.org', password: 'p' })
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
  expect(() => parseCredentials(body)).toThrow(new RegExp(`^${field}: `))
  expect(() => parseCredentials(body)).not.toThrow('hunter2')
})
