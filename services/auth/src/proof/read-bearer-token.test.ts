import { expect, test } from 'vitest'
import { makeOpaqueToken } from '@omni2/passwords'
import { readBearerToken } from './read-bearer-token.ts'

test.each(['Bearer a.b-c_d~e+f/g=', 'bearer a.b-c_d~e+f/g=', 'BEARER   a.b-c_d~e+f/g= '])(
  'reads the token of %j',
  (header) => {
    expect(readBearerToken(header)).toBe('a.b-c_d~e+f/g=')
  },
)

test.each(['', 'Basic dXNlcjpwYXNz', 'Bearerabc'])('finds no token in %j', (header) => {
  expect(() => readBearerToken(header)).toThrow(expect.objectContaining({ code: 'token_missing' }))
})

test.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer a,b', 'Bearer "a"', 'Bearer ä'])(
  'refuses the malformed %j',
  (header) => {
    expect(() => readBearerToken(header)).toThrow(expect.objectContaining({ code: 'token_malformed' }))
  },
)

test('knows a refresh token by its beginning', () => {
  expect(() => readBearerToken(`Bearer ${makeOpaqueToken('refresh')}`)).toThrow(
    expect.objectContaining({ code: 'refresh_token' }),
  )
})
