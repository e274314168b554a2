import { expect, test } from 'vitest'
import { makeOriginRules } from '@omni2/service-kit'
import { checkOrigin } from './check-origin.ts'

const origins = makeOriginRules({ added: ['https://chat.example.org'], only: [] })
const check = (method: string, origin?: string, authorization?: string) => () =>
  checkOrigin({ method, origin, host: 'console', authorization }, { origins })

test('reads from anywhere, changes from an allowed page or with a token', () => {
  expect(check('GET', 'https://evil.example')).not.toThrow()
  expect(check('PUT', 'https://chat.example.org')).not.toThrow()
  expect(check('PUT', 'https://console')).not.toThrow()
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
