import type { IncomingHttpHeaders } from 'node:http'
import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import {
  assertionClaimsSchema,
  assertionRules,
  identityHeaders,
  identitySchema,
  type AssertionClaims,
  type Identity,
} from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import { IdentityRefused, type IdentityRefusal } from './identity-refused.ts'

export interface AssertionDeps {
  /** Public keys of `auth`. */
  readonly keys: JWTVerifyGetKey
  readonly clockToleranceSeconds: number
  readonly log: Pick<Logger, 'warn'>
}

/** The one request that an assertion must have been made for. */
export interface BoundRequest {
  readonly method: string
  readonly path: string
}

/** Receives failures of the keys' server, not of the proof. */
const keyServerErrors: ReadonlySet<string> = new Set([
  'ERR_JWKS_TIMEOUT',
  'ERR_JWKS_INVALID',
  'ERR_JOSE_GENERIC',
])

/**
 * The user that a request is from, as `auth` signed it for this request. Throws IdentityRefused: 401 with the reason, or
 * `unavailable` when the keys cannot be fetched.
 */
export async function authenticate(
  headers: IncomingHttpHeaders,
  request: BoundRequest,
  deps: AssertionDeps,
): Promise<Identity> {
  const claims = readClaims(await verifyAssertion(headers[identityHeaders.assertion], deps))
  if (claims.method !== request.method || claims.path !== request.path)
    throw new IdentityRefused('identity_for_another_request')
  const userId = headers[identityHeaders.userId]
  if (userId !== undefined && userId !== claims.sub) throw new IdentityRefused('identity_mismatch')
  return readIdentity(claims)
}

async function verifyAssertion(
  assertion: string | string[] | undefined,
  { keys, clockToleranceSeconds, log }: AssertionDeps,
): Promise<JWTPayload> {
  if (typeof assertion !== 'string' || assertion === '') throw new IdentityRefused('identity_missing')
  try {
    const { payload } = await jwtVerify(assertion, keys, {
      algorithms: [assertionRules.algorithm],
      issuer: assertionRules.issuer,
      audience: assertionRules.audience,
      maxTokenAge: assertionRules.lifetimeSeconds,
      clockTolerance: clockToleranceSeconds,
    })
    return payload
  } catch (error) {
    warnOfClocks(error, log)
    throw new IdentityRefused(nameFailure(error), { cause: error })
  }
}

/** `auth` makes an assertion for the request that carries it: an old one, or one of the future, shows that clocks differ. */
function warnOfClocks(error: unknown, log: Pick<Logger, 'warn'>): void {
  const isAboutTime =
    error instanceof errors.JWTExpired ||
    (error instanceof errors.JWTClaimValidationFailed && error.claim === 'iat')
  if (!isAboutTime || error.payload.iat === undefined) return
  const ageSeconds = Math.floor(Date.now() / 1000) - error.payload.iat
  log.warn({ age_seconds: ageSeconds }, 'identity refused: the clock here differs from that of auth')
}

function nameFailure(error: unknown): IdentityRefusal {
  if (error instanceof errors.JWTExpired) return 'identity_expired'
  const isProofBad = error instanceof errors.JOSEError && !keyServerErrors.has(error.code)
  return isProofBad ? 'identity_invalid' : 'unavailable'
}

function readClaims(payload: JWTPayload): AssertionClaims {
  const claims = assertionClaimsSchema.safeParse(payload)
  if (!claims.success) throw new IdentityRefused('identity_invalid', { cause: claims.error })
  const { iat, exp } = claims.data
  if (exp - iat > assertionRules.lifetimeSeconds) throw new IdentityRefused('identity_invalid')
  return claims.data
}

function readIdentity({ sub, username, role, sid, session_exp }: AssertionClaims): Identity {
  const identity = identitySchema.safeParse({ user_id: Number(sub), username, role, sid, session_exp })
  if (!identity.success) throw new IdentityRefused('identity_invalid', { cause: identity.error })
  return identity.data
}
