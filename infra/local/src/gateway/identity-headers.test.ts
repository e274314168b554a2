import { expect, test } from 'vitest'
import { findIdentityAlias, readIdentity, stripIdentity } from './identity-headers.ts'

test.each(['x_user_id', 'x-user.id', 'x.omni2_identity', 'x_user-role'])('%s is an alias', (name) => {
  expect(findIdentityAlias({ host: 'h', [name]: '1' })).toBe(name)
})

test.each(['x-user-id', 'x-user-ids', 'x-userid', 'x_request_id'])('%s is no alias', (name) => {
  expect(findIdentityAlias({ [name]: '1' })).toBeUndefined()
})

test('strips what a client says and keeps the rest', () => {
  const headers = { 'x-user-id': '1', 'x-omni2-identity': 'forged', 'x-user-role': 'admin', cookie: 'a=b' }
  stripIdentity(headers)
  expect(headers).toEqual({ cookie: 'a=b' })
})

test('takes the four identity headers from auth and nothing else', () => {
  const headers = { 'x-user-id': '2', 'x-user-username': 'u', 'x-user-role': 'r', 'x-omni2-identity': 's' }
  expect(readIdentity({ ...headers, 'x-powered-by': 'y' })).toEqual(headers)
})
