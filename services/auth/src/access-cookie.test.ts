import { expect, test } from 'vitest'
import { clearAccessCookie, readAccessCookie, writeAccessCookie } from './access-cookie.ts'

const secure = { isSecure: true, host: 'chat.example.org' }
const local = { isSecure: false, host: '127.0.0.1:8080' }
const token = { value: 'a.b.c', seconds: 3600 }

test('over https the cookie is bound to this host', () => {
  expect(writeAccessCookie(token, secure)).toBe(
    '__Host-omni2_access=a.b.c; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure',
  )
  expect(clearAccessCookie(secure)).toBe(
    '__Host-omni2_access=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
  )
})

test.each(['127.0.0.1:8080', 'localhost:8080', 'app.localhost', '[::1]:8080', '127.1.2.3'])(
  'over http on %s it has a plain name',
  (host) => {
    expect(writeAccessCookie(token, { isSecure: false, host })).toBe(
      'omni2_access=a.b.c; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax',
    )
  },
)

test.each([
  'chat.example.org',
  '192.168.1.5:8080',
  '127.0.0.1.example.org',
  'localhost.example.org',
  '',
  'a b',
])('over http on %j there is none', (host) => {
  expect(writeAccessCookie(token, { isSecure: false, host })).toBeUndefined()
  expect(readAccessCookie('omni2_access=a.b.c', { isSecure: false, host })).toBeUndefined()
})

test('reads the cookie of its own site and no other', () => {
  expect(readAccessCookie('x=1; omni2_access=a.b.c;y=2', local)).toBe('a.b.c')
  expect(readAccessCookie('__Host-omni2_access=a.b.c', local)).toBeUndefined()
  expect(readAccessCookie('__Host-omni2_access=a.b.c', secure)).toBe('a.b.c')
  expect(readAccessCookie('omni2_access=planted', secure)).toBeUndefined()
  expect(readAccessCookie('xomni2_access=a; omni2_access=', local)).toBeUndefined()
  expect(readAccessCookie(undefined, local)).toBeUndefined()
})

test('two cookies of the name are refused: one of them is somebody else’s', () => {
  expect(() => readAccessCookie('omni2_access=a; omni2_access=b', local)).toThrow(
    expect.objectContaining({ code: 'token_malformed' }),
  )
})
