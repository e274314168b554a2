import { decodeJwt } from 'jose'
import type { TrustedIssuer } from './trusted-issuers.ts'
import { verifyAccessToken, type Login, type TokenRules } from './verify-access-token.ts'
import { verifyForeignToken } from './verify-foreign-token.ts'

export interface TokenDeps {
  readonly tokenRules: TokenRules
  /** By their names. */
  readonly trustedIssuers: ReadonlyMap<string, TrustedIssuer>
}

/**
 * Verifies an access token by the rules of the issuer it names, which are our own where it names none that is trusted:
 * the name chooses keys and algorithms together, never one without the other. Throws AccessRefused.
 */
export function verifyToken(token: string, deps: TokenDeps): Promise<Login> {
  const issuer = deps.trustedIssuers.get(claimedIssuer(token) ?? '')
  return issuer === undefined ? verifyAccessToken(token, deps.tokenRules) : verifyForeignToken(token, issuer)
}

/** What an unverified token says; undefined for what is no token. */
function claimedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}
