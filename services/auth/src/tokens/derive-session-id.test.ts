import { expect, test } from 'vitest'
import { idSchema } from '@omni2/contracts'
import { deriveSessionId } from './derive-session-id.ts'

const sid = '0d4e7c3a-7b7e-4a53-9f4e-2a9c9b8d1f00'

test('keeps a sid that is a UUID, in lower case', () => {
  expect(deriveSessionId({ sid, jti: 'a' }, 'token')).toBe(sid)
  expect(deriveSessionId({ sid: sid.toUpperCase() }, 'token')).toBe(sid)
})

test('makes the same UUID each time from what else names the login', () => {
  const byJti = deriveSessionId({ jti: 'a' }, 'token')
  expect(idSchema.parse(byJti)).toBe(byJti)
  expect(deriveSessionId({ jti: 'a' }, 'another token')).toBe(byJti)
  expect(deriveSessionId({ jti: 'b' }, 'token')).not.toBe(byJti)
  expect(deriveSessionId({ sid: 'login-1', jti: 'b' }, 't')).toBe(deriveSessionId({ sid: 'login-1' }, 'u'))
})

test('names a login without sid and jti by what is signed, however its signature is spelled', () => {
  const name = deriveSessionId({}, 'header.payload.signaturA')
  expect(deriveSessionId({}, 'header.payload.signaturB')).toBe(name)
  expect(deriveSessionId({}, 'header.another.signaturA')).not.toBe(name)
})
