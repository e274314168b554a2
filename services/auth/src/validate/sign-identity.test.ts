import { generateKeyPairSync } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { assertionClaimsSchema, assertionRules } from '@omni2/contracts'
import { signIdentity } from './sign-identity.ts'
import { makeKeySet, makeSigningKey, privateKeySchema } from '../signing-key.ts'

const jwk = privateKeySchema.parse(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }))
const now = 1_800_000_000_900

test('signs the claims of the contract for one request and sixty seconds', async () => {
  const signingKey = await makeSigningKey(jwk)
  const assertion = await signIdentity(
    {
      user: { id: 7, username: 'Jörg', role: '' },
      login: { sid: 'a-login', expiresAt: 1_800_003_600 },
      request: { method: 'POST', path: '/ask/stream' },
    },
    { signingKey, now: () => now },
  )
  const keys = createLocalJWKSet(await makeKeySet(jwk, []))
  const { payload } = await jwtVerify(assertion, keys, {
    algorithms: [assertionRules.algorithm],
    currentDate: new Date(now),
  })
  expect(decodeProtectedHeader(assertion)).toMatchObject({ alg: 'EdDSA', kid: signingKey.kid })
  expect(assertionClaimsSchema.parse(payload)).toEqual({
    iss: 'omni2-auth',
    aud: 'omni2',
    sub: '7',
    username: 'Jörg',
    role: '',
    sid: 'a-login',
    session_exp: 1_800_003_600,
    method: 'POST',
    path: '/ask/stream',
    iat: 1_800_000_000,
    exp: 1_800_000_060,
  })
})
