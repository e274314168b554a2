import { expect, test } from 'vitest'
import { clearLoginCookies, readLoginCookie, writeLoginCookie } from './login-cookies.ts'

const secure = { isSecure: true, host: 'chat.example.org' }
const local = { isSecure: false, host: '127.0.0.1:8080' }
const token = { value: 'a.b.c', seconds: 3600 }

test('over https the cookies are bound to this host', () => {
  expect(writeLoginCookie('access', token, secure)).toEqual([
    '__Host-omni2_access=a.b.c; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax; Secure',
  ])
  expect(writeLoginCookie('refresh', token, secure)).toEqual([
    '__Host-omni2_refresh=a.b.c; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict; Secure',
  ])
  expect(clearLoginCookies(secure)).toEqual([
    '__Host-omni2_access=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    '__Host-omni2_refresh=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure',
  ])
})

test.each(['127.0.0.1:8080', 'localhost:8080', 'app.localhost', '[::1]:8080', '127.1.2.3'])(
  'over http on %s they have plain names',
  (host) => {
    const site = { isSecure: false, host }
    expect(writeLoginCookie('access', token, site)).toEqual([
      'omni2_access=a.b.c; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax',
    ])
    expect(writeLoginCookie('refresh', token, site)).toEqual([
      'omni2_refresh=a.b.c; Path=/; Max-Age=3600; HttpOnly; SameSite=Strict',
    ])
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
  const site = { isSecure: false, host }
  for (const kind of ['access', 'refresh'] as const) {
    expect(writeLoginCookie(kind, token, site)).toEqual([])
    expect(readLoginCookie(kind, 'omni2_access=a.b.c; omni2_refresh=a.b.c', site)).toBeUndefined()
  }
})

test('reads the cookie of its own site and no other', () => {
  expect(readLoginCookie('access', 'x=1; omni2_access=a.b.c;y=2', local)).toBe('a.b.c')
  expect(readLoginCookie('refresh', 'omni2_access=a.b.c; omni2_refresh=r', local)).toBe('r')
  expect(readLoginCookie('access', '__Host-omni2_access=a.b.c', local)).toBeUndefined()
  expect(readLoginCookie('access', '__Host-omni2_access=a.b.c', secure)).toBe('a.b.c')
  expect(readLoginCookie('refresh', '__Host-omni2_refresh=r', secure)).toBe('r')
  expect(readLoginCookie('access', 'omni2_access=planted', secure)).toBeUndefined()
  expect(readLoginCookie('access', 'xomni2_access=a; omni2_access=', local)).toBeUndefined()
  expect(readLoginCookie('access', undefined, local)).toBeUndefined()
})

test('two cookies of the name are refused: one of them is another user’s', () => {
  expect(() => readLoginCookie('access', 'omni2_access=a; omni2_access=b', local)).toThrow(
    expect.objectContaining({ code: 'token_malformed' }),
  )
})
