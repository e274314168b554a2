import { expect, test } from 'vitest'
import { checkOrigin } from './check-origin.ts'

const allowed = ['https://chat.example.org']
const check = (method: string, origin?: string, authorization?: string) => () =>
  checkOrigin({ method, origin, authorization }, { allowed })

test('reads from anywhere, changes from the listed page or with a token', () => {
  expect(check('GET', 'https://evil.example')).not.toThrow()
  expect(check('PUT', 'https://chat.example.org')).not.toThrow()
  expect(check('DELETE', undefined, 'Bearer x')).not.toThrow()
})

test.each([
  ['https://evil.example', undefined, 'foreign_origin'],
  ['https://chat.example.org.evil.example', undefined, 'foreign_origin'],
  ['null', 'Bearer x', 'foreign_origin'],
  [undefined, undefined, 'origin_missing'],
  [undefined, 'Basic x', 'origin_missing'],
])('a change with origin %s and authorization %s is refused', (origin, authorization, code) => {
  expect(check('POST', origin, authorization)).toThrow(expect.objectContaining({ code }))
})
