import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { expect, test } from 'vitest'
import { issueAccessToken } from './issue-access-token.ts'
import { verifyAccessToken } from './verify-access-token.ts'

const secret = new TextEncoder().encode('M3X0hC7vQb1rYtGz5wKpLs8dNjUaEf2i')
const rules = { secret, issuer: 'the-issuer', audience: 'the-audience', clockToleranceSeconds: 5 }
const nowSeconds = Math.floor(Date.now() / 1000)
const sid = '0d4e7c3a-7b7e-4a53-9f4e-2a9c9b8d1f00'
const claims = { sub: '7', iss: rules.issuer, aud: rules.audience, exp: nowSeconds + 600, sid }

/** Builds a token by hand, so that no library decides what may be in it. */
function makeToken(payload: object, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const body = [header, payload]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

const refusal = async (token: string) =>
  verifyAccessToken(token, rules).then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  )

test('accepts what auth itself issues', async () => {
  const login = { userId: 7, sid, expiresAt: nowSeconds + 60 }
  const subject = { ...login, username: 'jörg', role: 'viewer', issuedAt: nowSeconds }
  expect(await verifyAccessToken(await issueAccessToken(subject, rules), rules)).toEqual(login)
})

test('accepts tokens of an existing deployment: numeric sub, no sid, fraction in exp, several audiences', async () => {
  const { sid: _, ...legacy } = claims
  const token = makeToken({
    ...legacy,
    sub: 7,
    exp: claims.exp + 0.25,
    aud: ['other', rules.audience],
    jti: 'a1',
  })
  const login = await verifyAccessToken(token, rules)
  expect(login).toMatchObject({ userId: 7, expiresAt: claims.exp })
  expect(login.sid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test.each([
  ['token_expired', { exp: nowSeconds - 60 }],
  ['token_not_yet_valid', { nbf: nowSeconds + 60 }],
  ['wrong_issuer', { iss: 'another' }],
  ['wrong_issuer', { iss: undefined }],
  ['wrong_audience', { aud: 'another' }],
  ['wrong_audience', { aud: undefined }],
  ['refresh_token', { token_use: 'refresh' }],
  ['refresh_token', { type: 'refresh' }],
  ['refresh_token', { token_use: 'access', type: 'refresh' }],
  ['wrong_token_use', { token_use: 'ticket' }],
  ['wrong_token_use', { type: null }],
  ['token_malformed', { exp: undefined }],
  ['token_malformed', { exp: 'tomorrow' }],
  ['token_malformed', { nbf: 'yesterday' }],
  ['token_malformed', { sub: undefined }],
  ['token_malformed', { sub: 'alice' }],
  ['token_malformed', { sub: '0' }],
  ['token_malformed', { sub: '9999999999' }],
  ['token_malformed', { sub: 7.5 }],
  ['token_malformed', { sid: 5 }],
])('refuses as %s what claims %j', async (code, change) => {
  expect(await refusal(makeToken({ ...claims, ...change }))).toBe(code)
})

test.each([{ token_use: 'access' }, { type: 'access' }, { nbf: nowSeconds + 2 }, { exp: nowSeconds - 2 }])(
  'accepts what claims %j',
  async (change) => {
    expect(await refusal(makeToken({ ...claims, ...change }))).toBe('accepted')
  },
)

test('refuses a token without signature, whatever its header calls that', async () => {
  for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
    const unsigned = makeToken(claims, { alg, typ: 'JWT' }).replace(/[^.]*$/, '')
    expect(await refusal(unsigned)).toBe('wrong_algorithm')
  }
  expect(await refusal(makeToken(claims).replace(/[^.]*$/, ''))).toBe('bad_signature')
})

test('never lets the header choose the algorithm', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const body = makeToken(claims, { alg: 'RS256', typ: 'JWT' }).replace(/\.[^.]*$/, '')
  const rsa = `${body}.${sign('sha256', Buffer.from(body), privateKey).toString('base64url')}`
  expect(await refusal(rsa)).toBe('wrong_algorithm')
  const jwk = publicKey.export({ format: 'jwk' })
  expect(await refusal(makeToken(claims, { alg: 'RS256', jwk }))).toBe('wrong_algorithm')
  expect(await refusal(makeToken(claims, { alg: 'HS512' }))).toBe('wrong_algorithm')
})

test('refuses a changed payload and a foreign secret', async () => {
  const [header, , signature] = makeToken(claims).split('.')
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: '1' })).toString('base64url')
  expect(await refusal(`${header}.${forged}.${signature}`)).toBe('bad_signature')
  const foreign = { ...rules, secret: new TextEncoder().encode('another secret of thirty-two chars') }
  await expect(verifyAccessToken(makeToken(claims), foreign)).rejects.toMatchObject({ code: 'bad_signature' })
})

test('refuses other kinds of JWS and garbage', async () => {
  expect(await refusal(makeToken(claims, { alg: 'HS256', typ: 'logout+jwt' }))).toBe('wrong_token_use')
  expect(await refusal(makeToken(claims, { alg: 'HS256', typ: 'at+jwt' }))).toBe('accepted')
  expect(await refusal(makeToken(claims, { alg: 'HS256' }))).toBe('accepted')
  for (const typ of [5, null, {}, ['JWT'], true, ''])
    expect(await refusal(makeToken(claims, { alg: 'HS256', typ }))).toBe('wrong_token_use')
  const critical = { alg: 'HS256', crit: ['x'], x: 1 }
  for (const token of ['', 'a', 'a.b.c', '..', 'e30.e30.e30', makeToken([7]), makeToken(claims, critical)]) {
    expect(await refusal(token)).toBe('token_malformed')
  }
})
