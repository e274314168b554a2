import type { JWTVerifyGetKey } from 'jose'
import { openRemoteKeys } from './remote-keys.ts'
import type { TrustedIssuerSettings } from '../trusted-issuer-settings.ts'

export interface TrustedIssuer {
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly string[]
  /** The claim that names our user. */
  readonly userClaim: string
  readonly keys: JWTVerifyGetKey
  readonly clockToleranceSeconds: number
}

/** Makes the issuers ready for use, by their names; keys are fetched when the first token comes. */
export function makeTrustedIssuers(
  configured: TrustedIssuerSettings,
  { clockToleranceSeconds }: { clockToleranceSeconds: number },
): ReadonlyMap<string, TrustedIssuer> {
  const issuers = configured.map(({ issuer, audience, algorithms, user_claim, jwks_url }) => ({
    issuer,
    audience,
    algorithms,
    userClaim: user_claim,
    keys: openRemoteKeys(jwks_url),
    clockToleranceSeconds,
  }))
  return new Map(issuers.map((issuer) => [issuer.issuer, issuer]))
}
