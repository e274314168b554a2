import { errors, jwtVerify, type JWTHeaderParameters, type JWTPayload } from 'jose'
import { z } from 'zod'
import { userIdSchema } from '@omni2/contracts'
import { AccessRefused, type RefusalCode } from './access-refused.ts'
import { deriveSessionId } from './derive-session-id.ts'

/** The one algorithm of access tokens; a token's own header never chooses. */
export const accessTokenAlgorithm = 'HS256'

export interface TokenRules {
  readonly secret: Uint8Array
  readonly issuer: string
  readonly audience: string
  readonly clockToleranceSeconds: number
}

/** What an access token proves. */
export interface Login {
  readonly userId: number
  readonly sid: string
  /** End of the token in Unix seconds. */
  readonly expiresAt: number
}

/** Verifies an access token's signature, issuer, audience, times and purpose; throws AccessRefused with the reason. */
export async function verifyAccessToken(token: string, rules: TokenRules): Promise<Login> {
  const { payload, protectedHeader } = await verifySignature(token, rules)
  refuseOtherPurposes(payload, protectedHeader)
  const claims = claimsSchema.safeParse(payload)
  if (!claims.success) throw new AccessRefused('token_malformed', { cause: claims.error })
  const { sub, exp } = claims.data
  return { userId: sub, sid: deriveSessionId(claims.data, token), expiresAt: exp }
}

const claimsSchema = z.object({
  sub: z
    .union([z.int(), z.string().regex(/^[1-9]\d{0,9}$/)])
    .transform(Number)
    .pipe(userIdSchema),
  exp: z.number().positive().transform(Math.floor).pipe(z.int()),
  sid: z.string().optional(),
  jti: z.string().optional(),
})

async function verifySignature(token: string, rules: TokenRules) {
  try {
    return await jwtVerify(token, rules.secret, {
      algorithms: [accessTokenAlgorithm],
      issuer: rules.issuer,
      audience: rules.audience,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: rules.clockToleranceSeconds,
    })
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    throw new AccessRefused(nameRefusal(error), { cause: error })
  }
}

function nameRefusal(error: errors.JOSEError): RefusalCode {
  if (error instanceof errors.JWTExpired) return 'token_expired'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'wrong_algorithm'
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'bad_signature'
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'token_malformed'
  if (error.claim === 'iss') return 'wrong_issuer'
  if (error.claim === 'aud') return 'wrong_audience'
  return error.claim === 'nbf' && error.reason === 'check_failed' ? 'token_not_yet_valid' : 'token_malformed'
}

/** Types an access token may have: ours and most others', and that of RFC 9068. */
const acceptedTypes = new Set(['jwt', 'at+jwt', 'application/at+jwt'])

/** A token that says what it is for must say access; `token_use` and `type` are both in use. */
function refuseOtherPurposes(claims: JWTPayload, header: JWTHeaderParameters): void {
  const purposes = [claims['token_use'], claims['type']].filter((purpose) => purpose !== undefined)
  if (purposes.includes('refresh')) throw new AccessRefused('refresh_token')
  const hasOtherType = header.typ !== undefined && !acceptedTypes.has(header.typ.toLowerCase())
  if (hasOtherType || purposes.some((purpose) => purpose !== 'access'))
    throw new AccessRefused('wrong_token_use')
}
