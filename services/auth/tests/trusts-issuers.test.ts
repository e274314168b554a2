import { createHmac, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { decodeJwt, exportJWK, generateKeyPair, type CryptoKey } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openIssuer, type TestIssuer } from './open-issuer.ts'
import { addUser, jwtSecret, makeToken, readRefusal, startAuth, validate } from './start-auth.ts'

let idp: TestIssuer
let byName: TestIssuer
let byEmail: TestIssuer
let auth: Awaited<ReturnType<typeof startAuth>>
let key: CryptoKey
let userId: number

beforeAll(async () => {
  idp = await openIssuer()
  byName = await openIssuer()
  byEmail = await openIssuer()
  key = await idp.addKey('first')
  auth = await startAuth({
    AUTH_TRUSTED_ISSUERS: JSON.stringify([
      idp.settings,
      { ...byName.settings, algorithms: ['ES256'], user_claim: 'preferred_username' },
      { ...byEmail.settings, user_claim: 'email' },
    ]),
  })
  userId = await addUser(auth.database, { username: 'alice', email: 'alice@example.org' })
})

afterAll(async () => {
  for (const resource of [auth, idp, byName, byEmail]) await resource[Symbol.asyncDispose]()
})

const refusal = (token: string) => readRefusal(validate(auth.url, token))
const accepted = [200, undefined]
const nowSeconds = Math.floor(Date.now() / 1000)

test('the token of a trusted issuer is that of our user, with our role', async () => {
  const token = await idp.sign({ sub: String(userId), role: 'super_admin' }, key)
  const response = await validate(auth.url, token)
  expect([response.status, response.headers.get('x-user-id'), response.headers.get('x-user-role')]).toEqual([
    200,
    String(userId),
    'role of alice',
  ])
  expect(decodeJwt(response.headers.get('x-omni2-identity') ?? '')).toMatchObject({
    sub: String(userId),
    session_exp: decodeJwt(token).exp,
  })
})

test('another claim names the username, or the e-mail address that the issuer vouches for', async () => {
  const named = await byName.addKey('first', { alg: 'ES256' })
  const signAs = (claims: object) => byName.sign(claims, named, { alg: 'ES256' })
  expect(await refusal(await signAs({ preferred_username: 'alice' }))).toEqual(accepted)
  expect(await refusal(await signAs({ preferred_username: 'stranger' }))).toEqual([401, 'unknown_user'])
  expect(await refusal(await signAs({ sub: String(userId) }))).toEqual([401, 'token_malformed'])
  expect(await refusal(await signAs({ preferred_username: 'a\0' }))).toEqual([401, 'token_malformed'])

  const mailed = await byEmail.addKey('first')
  const email = 'alice@example.org'
  expect(await refusal(await byEmail.sign({ email, email_verified: true }, mailed))).toEqual(accepted)
  for (const email_verified of [false, 'true', undefined])
    expect(await refusal(await byEmail.sign({ email, email_verified }, mailed))).toEqual([
      401,
      'email_unverified',
    ])
})

test.each([
  ['wrong_audience', { aud: 'another' }],
  ['wrong_audience', { aud: undefined }],
  ['token_expired', { exp: nowSeconds - 6 }],
  ['token_malformed', { exp: undefined }],
  ['token_not_yet_valid', { nbf: nowSeconds + 60 }],
  ['refresh_token', { token_use: 'refresh' }],
  ['refresh_token', { typ: 'Refresh' }],
  ['wrong_token_use', { typ: 'ID' }],
  ['wrong_token_use', { token_use: 'id' }],
  ['token_malformed', { sub: 'alice' }],
  ['token_malformed', { sub: undefined }],
  ['unknown_user', { sub: '999999' }],
  ['wrong_issuer', { iss: 'https://other.example.org' }],
])('refuses as %s what claims %j', async (code, claims) => {
  const refused = await refusal(await idp.sign({ sub: String(userId), ...claims }, key))
  // Without a trusted name our own rules hold, and those take no RS256.
  expect(refused).toEqual([401, code === 'wrong_issuer' ? 'wrong_algorithm' : code])
})

test('a published key is never a shared secret, and no algorithm comes from the token', async () => {
  const claims = { iss: idp.issuer, aud: 'chat', sub: String(userId), exp: nowSeconds + 600 }
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const publicKey = JSON.stringify(idp.published[0])
  for (const [alg, secret] of [
    ['HS256', publicKey],
    ['HS256', jwtSecret],
    ['HS512', publicKey],
    ['none', ''],
    ['None', ''],
  ] as const) {
    const body = `${encode({ alg, typ: 'JWT', kid: 'first' })}.${encode(claims)}`
    const mac = alg.startsWith('HS') ? createHmac('sha256', secret).update(body).digest('base64url') : ''
    expect(await refusal(`${body}.${mac}`)).toEqual([401, 'wrong_algorithm'])
  }
  const pss = await idp.sign({ sub: String(userId) }, (await generateKeyPair('PS256')).privateKey, {
    alg: 'PS256',
  })
  expect(await refusal(pss)).toEqual([401, 'wrong_algorithm'])
})

test('the key of one issuer signs nothing in the name of another, nor in ours', async () => {
  const claims = { sub: String(userId), preferred_username: 'alice', email: 'alice@example.org' }
  expect(await refusal(await byEmail.sign(claims, key))).toEqual([401, 'bad_signature'])
  expect(await refusal(await idp.sign({ ...claims, iss: 'omni2-auth', aud: 'omni2' }, key))).toEqual([
    401,
    'wrong_algorithm',
  ])
  const ours = await makeToken(userId, { iss: idp.issuer, aud: 'chat' })
  expect(await refusal(ours)).toEqual([401, 'wrong_algorithm'])
})

test('keys that a token names or brings itself are not looked at', async () => {
  const evil = await openIssuer()
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'first', alg: 'RS256' }
  evil.published.push(jwk)
  for (const header of [{ jku: evil.settings.jwks_url }, { x5u: evil.settings.jwks_url }, { jwk }]) {
    expect(await refusal(await idp.sign({ sub: String(userId) }, privateKey, header))).toEqual([
      401,
      'bad_signature',
    ])
  }
  expect(evil.fetches()).toBe(0)
  await evil[Symbol.asyncDispose]()
})

test('a key that is too short to trust has signed nothing, and odd headers are no fault of ours', async () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1024 })
  idp.published.push({ ...weak.publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256' })
  const claims = { iss: idp.issuer, aud: 'chat', sub: String(userId), exp: nowSeconds + 600 }
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const signBy = (header: object, privateKey: KeyObject) => {
    const body = `${encode(header)}.${encode(claims)}`
    return `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`
  }
  const headers = [
    { alg: 'RS256', kid: 'weak' },
    { alg: 'RS256', kid: 'first', typ: 5 },
    { alg: 'RS256', kid: 5 },
    { alg: 'RS256', kid: 'first', b64: false, crit: ['b64'] },
    { alg: ['RS256'], kid: 'first' },
  ]
  for (const header of headers) expect((await refusal(signBy(header, weak.privateKey)))[0]).toBe(401)
})

test('unknown keys cause no flood of fetches', async () => {
  const before = idp.fetches()
  for (let attempt = 0; attempt < 20; attempt++) {
    const token = await idp.sign({ sub: String(userId) }, key, { kid: `unknown ${attempt}` })
    expect(await refusal(token)).toEqual([401, 'bad_signature'])
  }
  expect(idp.fetches() - before).toBeLessThanOrEqual(1)
})

test('while the keys are unavailable the answer is 503, not 401, and our own tokens still work', async () => {
  const away = await openIssuer()
  const signing = await away.addKey('first')
  await using other = await startAuth({ AUTH_TRUSTED_ISSUERS: JSON.stringify([away.settings]) })
  const id = await addUser(other.database)
  const token = await away.sign({ sub: String(id) }, signing)
  away.answerWith(500)
  const response = await validate(other.url, token)
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await response.json()).toEqual({ error: expect.any(String), code: 'keys_unavailable' })
  expect((await validate(other.url, await makeToken(id))).status).toBe(200)
  const forged = await away.sign({ sub: String(id) }, signing, { kid: 'unknown' })
  expect((await validate(other.url, forged)).status).toBe(503)
  expect(away.fetches()).toBeLessThan(3)
  away.answerWith(200)
  await expect.poll(async () => (await validate(other.url, token)).status, { timeout: 10_000 }).toBe(200)
  await away[Symbol.asyncDispose]()
  expect((await validate(other.url, token)).status).toBe(200)
  expect(other.service.log.lines().join('\n')).not.toMatch(/eyJ/)
})

test('a logout ends the login of a foreign token, under a name that is none of ours', async () => {
  const ours = '0d4e7c3a-7b7e-4a53-9f4e-2a9c9b8d1f00'
  await auth.database.query(
    `insert into auth_service.sessions (sid, user_id, expires_at, revoked_at)
     values ($1, $2, now() + interval '1 h', now())`,
    [ours, userId],
  )
  const token = await idp.sign({ sub: String(userId), sid: ours }, key)
  expect(await refusal(token)).toEqual(accepted)
  const logout = await fetch(`${auth.url}/auth/logout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  expect(logout.status).toBe(204)
  expect(await refusal(token)).toEqual([401, 'login_revoked'])
  expect(await refusal(await idp.sign({ sub: String(userId), sid: 'another' }, key))).toEqual(accepted)
})

test('a logged-out token without sid and jti stays out, however its signature is spelled', async () => {
  const token = await makeToken(userId)
  const logout = await fetch(`${auth.url}/auth/logout`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  expect(logout.status).toBe(204)
  // Two bits of the last character of a 32-byte signature belong to no byte.
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(token.at(-1) ?? '')
  for (const spelled of [last, last ^ 1, last ^ 2, last ^ 3]) {
    const [status] = await refusal(token.slice(0, -1) + alphabet[spelled])
    expect(status).toBe(401)
  }
  expect(await refusal(token)).toEqual([401, 'login_revoked'])
})
