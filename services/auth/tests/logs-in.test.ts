import { decodeJwt } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, logIn, postLogin, startAuth, validate } from './start-auth.ts'

let auth: Awaited<ReturnType<typeof startAuth>>
let aliceId: number

beforeAll(async () => {
  auth = await startAuth()
  aliceId = await addUser(auth.database, { username: 'alice', email: 'alice@example.org', tokenExpiry: 120 })
  await addUser(auth.database, { username: 'no-password', password: null })
})

afterAll(() => auth[Symbol.asyncDispose]())

test.each(['alice', 'alice@example.org'])('%s gets a token that /validate accepts', async (username) => {
  const answer = await logIn(auth.url, username)
  expect(answer).toEqual({
    access_token: expect.any(String),
    refresh_token: expect.stringMatching(/^omni2_rt_[\w-]{43}$/),
    token_type: 'bearer',
    expires_in: 120,
  })
  const response = await validate(auth.url, answer.access_token)
  expect(response.status).toBe(200)
  expect(response.headers.get('x-user-id')).toBe(String(aliceId))
})

test('the token says whose it is, what for and until when, and its login is recorded', async () => {
  const [before] = await auth.database.query<{ now: Date }>("select date_trunc('second', now()) as now")
  const claims = decodeJwt((await logIn(auth.url, 'alice')).access_token)
  expect(claims).toMatchObject({
    sub: String(aliceId),
    username: 'alice',
    role: 'role of alice',
    iss: 'omni2-auth',
    aud: 'omni2',
    token_use: 'access',
    jti: expect.any(String),
    exp: (claims.iat ?? 0) + 120,
  })
  const recorded = await auth.database.query(
    `select session.user_id, round(extract(epoch from session.expires_at - to_timestamp($3)))::int as seconds, session.revoked_at,
       account.last_login_at at time zone 'UTC' >= $2 as last_login_moved
     from auth_service.sessions session join auth_service.users account on account.id = session.user_id
     where session.sid = $1`,
    [claims['sid'], before?.now, claims.iat],
  )
  expect(recorded).toEqual([
    { user_id: aliceId, seconds: expect.any(Number), revoked_at: null, last_login_moved: true },
  ])
  // The token's time of issue has lost its fraction.
  expect([30 * 86_400, 30 * 86_400 + 1]).toContain(recorded[0]?.['seconds'])
})

test('a login replaces a hash of another cost by one of ours, and the password still works', async () => {
  await using costly = await startAuth({ AUTH_PASSWORD_COST: '5' })
  const id = await addUser(costly.database)
  const readHash = async () =>
    (await costly.database.query('select password_hash from auth_service.users where id = $1', [id]))[0]?.[
      'password_hash'
    ]
  expect(await readHash()).toMatch(/^\$2b\$04\$/)
  // Each of them makes a hash of its own, and finds that another one is stored by now.
  await Promise.all(Array.from({ length: 4 }, () => logIn(costly.url, 'alice')))
  await expect.poll(readHash).toMatch(/^\$2b\$05\$/)
  await logIn(costly.url, 'alice')
})

test('two logins are two', async () => {
  const [first, second] = [await logIn(auth.url, 'alice'), await logIn(auth.url, 'alice')]
  expect(decodeJwt(first.access_token)['sid']).not.toBe(decodeJwt(second.access_token)['sid'])
})

test('a role without a token life gets the default', async () => {
  await addUser(auth.database, { username: 'default-life', tokenExpiry: null })
  await addUser(auth.database, { username: 'zero-life', tokenExpiry: 0 })
  expect((await logIn(auth.url, 'default-life')).expires_in).toBe(3600)
  expect((await logIn(auth.url, 'zero-life')).expires_in).toBe(3600)
})

test('an inactive user logs in, and is validated: the chat shows why they may do no more', async () => {
  await addUser(auth.database, { username: 'inactive', active: false })
  const { access_token } = await logIn(auth.url, 'inactive')
  expect((await validate(auth.url, access_token)).status).toBe(200)
})

test('a username wins over the same e-mail address of another user', async () => {
  const id = await addUser(auth.database, { username: 'shared@example.org' })
  await addUser(auth.database, { username: 'carol', email: 'shared@example.org', password: 'of carol' })
  expect(decodeJwt((await logIn(auth.url, 'shared@example.org')).access_token).sub).toBe(String(id))
  expect((await postLogin(auth.url, 'shared@example.org', 'of carol')).status).toBe(401)
})

test('a long password works; bcrypt reads its first 72 bytes', async () => {
  await addUser(auth.database, { username: 'long', password: 'ü'.repeat(500) })
  expect((await postLogin(auth.url, 'long', 'ü'.repeat(500))).status).toBe(200)
  expect((await postLogin(auth.url, 'long', 'u'.repeat(500))).status).toBe(401)
})

test('unknown user, wrong password and no password get the same answer', async () => {
  const answers = []
  for (const username of ['stranger', 'alice', 'no-password', "' or 1=1 --"]) {
    const response = await postLogin(auth.url, username, 'wrong')
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    answers.push([response.status, await response.json()])
  }
  const refused = [401, { error: 'Wrong username or password.', code: 'bad_credentials' }]
  expect(answers).toEqual([refused, refused, refused, refused])
})

test.each([
  ['no JSON', '{"username":', 'application/json', 422, 'invalid_json'],
  ['an empty body', '', 'application/json', 422, 'invalid_json'],
  ['a prototype in JSON', '{"__proto__":{"username":"alice"}}', 'application/json', 422, 'invalid_json'],
  ['a list', '[]', 'application/json', 422, 'invalid_body'],
  ['plain text', 'alice', 'text/plain', 415, 'unsupported_media_type'],
  ['a form', 'username=alice', 'application/x-www-form-urlencoded', 415, 'unsupported_media_type'],
  ['no password', '{"username":"alice"}', 'application/json', 422, 'invalid_body'],
  ['an object for a name', '{"username":{},"password":"p"}', 'application/json', 422, 'invalid_body'],
  ['NUL in the name', '{"username":"a\\u0000","password":"p"}', 'application/json', 422, 'invalid_body'],
  [
    'an endless password',
    JSON.stringify({ username: 'a', password: 'p'.repeat(2000) }),
    'application/json',
    422,
    'invalid_body',
  ],
  ['a huge body', ' '.repeat(9000), 'application/json', 413, 'body_too_large'],
])('refuses %s', async (_, body, type, status, code) => {
  const response = await fetch(`${auth.url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  })
  expect([response.status, await response.json()]).toEqual([status, { error: expect.any(String), code }])
})

test('other paths and methods are 404 in JSON', async () => {
  for (const path of ['/', '/auth/login', '/auth/../etc/passwd', '/validate/x', '/%00']) {
    const response = await fetch(`${auth.url}${path}`)
    expect([response.status, await response.json()]).toEqual([
      404,
      { error: expect.any(String), code: 'not_found' },
    ])
  }
})

test('no password, token or name of a user reaches the log', () => {
  expect(auth.service.log.lines().join('\n')).not.toMatch(/correct horse|eyJ|alice|omni2_rt_/)
})
