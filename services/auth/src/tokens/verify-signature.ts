import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose'
import { RetryableError } from '@omni2/service-kit'
import { AccessRefused, type RefusalCode } from '../access-refused.ts'
import { refuseOtherPurposes } from './refuse-other-purposes.ts'

/** What every token has to be held against; nothing of it may come from the token. */
interface SignatureRules {
  readonly keys: JWTVerifyGetKey
  readonly algorithms: readonly string[]
  readonly issuer: string
  readonly audience: string
  readonly clockToleranceSeconds: number
}

/**
 * Verifies a token's algorithm, signature, issuer, audience, times and purpose, and returns its claims; throws
 * AccessRefused with the reason, or what `keys` throws. Keys that the token itself names or brings (`jku`, `x5u`, `jwk`,
 * `x5c`) are never looked at.
 */
export async function verifySignature(token: string, rules: SignatureRules): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, rules.keys, makeOptions(rules))
    refuseOtherPurposes(payload, protectedHeader)
    return payload
  } catch (error) {
    if (error instanceof AccessRefused || error instanceof RetryableError) throw error
    throw new AccessRefused(nameRefusal(error), { cause: error })
  }
}

const makeOptions = (rules: SignatureRules): JWTVerifyOptions => ({
  algorithms: [...rules.algorithms],
  issuer: rules.issuer,
  audience: rules.audience,
  requiredClaims: ['exp'],
  clockTolerance: rules.clockToleranceSeconds,
})

/** A key that the library cannot work with, such as one that is too short, has signed nothing: it throws TypeError. */
function nameRefusal(error: unknown): RefusalCode {
  if (!(error instanceof errors.JOSEError)) return 'bad_signature'
  if (error instanceof errors.JWTExpired) return 'token_expired'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'wrong_algorithm'
  if (isUnsigned(error)) return 'bad_signature'
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'token_malformed'
  if (error.claim === 'iss') return 'wrong_issuer'
  if (error.claim === 'aud') return 'wrong_audience'
  return error.claim === 'nbf' && error.reason === 'check_failed' ? 'token_not_yet_valid' : 'token_malformed'
}

/** No known key, or not just one, has made this signature. */
const isUnsigned = (error: errors.JOSEError): boolean =>
  error instanceof errors.JWSSignatureVerificationFailed ||
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys
