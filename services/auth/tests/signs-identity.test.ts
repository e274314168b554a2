import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { assertionClaimsSchema, assertionRules } from '@omni2/contracts'
import { addUser, logIn, makeKey, startAuth, validate } from './start-auth.ts'

const previousKey = makeKey()
let auth: Awaited<ReturnType<typeof startAuth>>
let userId: number
let token: string

beforeAll(async () => {
  auth = await startAuth({ AUTH_EXTRA_PUBLIC_KEYS: JSON.stringify([previousKey.published]) })
  userId = await addUser(auth.database)
  token = (await logIn(auth.url, 'alice')).access_token
})

afterAll(() => auth[Symbol.asyncDispose]())

/** What an edge does with the header. */
const verify = async (assertion: string) => {
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', auth.url))
  const { payload } = await jwtVerify(assertion, keys, {
    algorithms: [assertionRules.algorithm],
    issuer: assertionRules.issuer,
    audience: assertionRules.audience,
  })
  return assertionClaimsSchema.parse(payload)
}

const askFor = async (headers: Record<string, string>, method = 'GET') => {
  const response = await validate(auth.url, token, { method, headers })
  return response.headers.get('x-omni2-identity') ?? ''
}

test('binds the assertion to the forwarded method and path, without the query', async () => {
  const forwarded = { 'x-forwarded-method': 'POST', 'x-forwarded-uri': '/ask/stream?ticket=secret' }
  const claims = await verify(await askFor(forwarded))
  expect(claims).toMatchObject({
    sub: String(userId),
    username: 'alice',
    method: 'POST',
    path: '/ask/stream',
  })
  expect(claims.exp - claims.iat).toBe(60)
  expect(claims.session_exp).toBeGreaterThan(claims.iat)
})

test('binds it to its own request where the gateway names none', async () => {
  expect(await verify(await askFor({}, 'PUT'))).toMatchObject({ method: 'PUT', path: '/validate' })
})

test('serves the current and the previous public key, to be cached', async () => {
  const response = await fetch(`${auth.url}/.well-known/jwks.json`)
  expect(response.headers.get('content-type')).toMatch(/^application\/jwk-set\+json\b/)
  expect(response.headers.get('cache-control')).toBe('public, max-age=300')
  const { kid } = decodeProtectedHeader(await askFor({}))
  expect(await response.json()).toEqual({
    keys: [
      { kty: 'OKP', crv: 'Ed25519', x: expect.any(String), kid, alg: 'EdDSA', use: 'sig' },
      { ...previousKey.published, kid: expect.any(String), alg: 'EdDSA', use: 'sig' },
    ],
  })
})

test('a changed assertion does not verify', async () => {
  const [header, payload = '', signature] = (await askFor({})).split('.')
  const claims: object = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: '999' })).toString('base64url')
  await expect(verify(`${header}.${forged}.${signature}`)).rejects.toThrow('signature')
})
