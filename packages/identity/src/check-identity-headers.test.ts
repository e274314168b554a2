import { expect, test } from 'vitest'
import { checkIdentityHeaders } from './check-identity-headers.ts'

test.each([
  [['Host', 'x', 'X-User-Id', '1', 'X-Omni2-Identity', 'a', 'Cookie', 'x_user_id']],
  [['X-User-Identity', '1', 'X-User', 'x-user-id']],
])('accepts each identity header once, under its own name', (headers) => {
  expect(() => checkIdentityHeaders(headers)).not.toThrow()
})

test.each([
  [['X-User-Id', '1', 'x-user-id', '1']],
  [['X_User_Id', '1']],
  [['x.user.id', '1']],
  [['X-User--Id', '1']],
  [['X-Omni2_Identity', 'a']],
])('refuses %j', (headers) => {
  expect(() => checkIdentityHeaders(headers)).toThrow('unambiguous')
})
