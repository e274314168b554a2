import { assertionRules, identityHeaders } from '@omni2/contracts'
import { generateKeyPair, SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { authenticate } from './authenticate.ts'

const { privateKey, publicKey } = await generateKeyPair('EdDSA')

/** What an assertion comes to that was made `ageSeconds` ago by the clock of auth, and what is warned of. */
async function authenticateAt(ageSeconds: number) {
  const iat = Math.floor(Date.now() / 1000) - ageSeconds
  const claims = {
    username: 'ada',
    role: 'viewer',
    sid: 's',
    session_exp: iat + 3600,
    method: 'GET',
    path: '/x',
  }
  const assertion = await new SignJWT(claims)
    .setProtectedHeader({ alg: assertionRules.algorithm })
    .setIssuer(assertionRules.issuer)
    .setAudience(assertionRules.audience)
    .setSubject('7')
    .setIssuedAt(iat)
    .setExpirationTime(iat + assertionRules.lifetimeSeconds)
    .sign(privateKey)
  const warnings: unknown[] = []
  const log = { warn: (fields: unknown) => void warnings.push(fields) }
  const deps = { keys: async () => publicKey, clockToleranceSeconds: 5, log }
  const headers = { [identityHeaders.assertion]: assertion }
  const result = await authenticate(headers, { method: 'GET', path: '/x' }, deps).then(
    ({ user_id }) => user_id,
    (error: { code: string }) => error.code,
  )
  return { result, warnings }
}

test('an assertion of now says who it is', async () => {
  expect(await authenticateAt(0)).toEqual({ result: 7, warnings: [] })
})

test.each([
  [300, 'identity_expired'],
  [-300, 'identity_invalid'],
])('an assertion that is %i s old is refused, with a warning that names the clocks', async (age, code) => {
  const { result, warnings } = await authenticateAt(age)
  expect(result).toBe(code)
  expect(warnings).toEqual([{ age_seconds: expect.closeTo(age, -1) }])
})
