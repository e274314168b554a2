import { SignJWT } from 'jose'
import { assertionRules, type AssertionClaims } from '@omni2/contracts'
import type { User } from '../proof/check-login.ts'
import type { ProvingRequest } from '../proof/read-forwarded-request.ts'
import type { SigningKey } from '../signing-key.ts'
import type { Login } from '../tokens/verify-access-token.ts'

interface Identified {
  readonly user: User
  readonly login: Pick<Login, 'sid' | 'expiresAt'>
  readonly request: Pick<ProvingRequest, 'method' | 'path'>
}

/** Signs the identity behind a request, valid for this method and path and for the next 60 seconds only. */
export function signIdentity(
  { user, login, request }: Identified,
  { signingKey, now }: { signingKey: SigningKey; now: () => number },
): Promise<string> {
  const issuedAt = Math.floor(now() / 1000)
  const claims = {
    iss: assertionRules.issuer,
    aud: assertionRules.audience,
    sub: String(user.id),
    username: user.username,
    role: user.role,
    sid: login.sid,
    session_exp: login.expiresAt,
    method: request.method,
    path: request.path,
    iat: issuedAt,
    exp: issuedAt + assertionRules.lifetimeSeconds,
  } satisfies AssertionClaims
  const header = { alg: assertionRules.algorithm, kid: signingKey.kid, typ: 'JWT' }
  return new SignJWT(claims).setProtectedHeader(header).sign(signingKey.key)
}
