import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { accessTokenAlgorithm, type Login, type TokenRules } from './verify-access-token.ts'

export type AccessTokenIssuer = Pick<TokenRules, 'secret' | 'issuer' | 'audience'>

interface TokenSubject extends Login {
  readonly username: string
  readonly role: string
  /** Unix seconds. */
  readonly issuedAt: number
}

/** Signs an access token that verifyAccessToken accepts until the login's `expiresAt`. */
export function issueAccessToken(subject: TokenSubject, issuer: AccessTokenIssuer): Promise<string> {
  const { username, role, sid } = subject
  return new SignJWT({ username, role, sid, token_use: 'access' })
    .setProtectedHeader({ alg: accessTokenAlgorithm, typ: 'JWT' })
    .setSubject(String(subject.userId))
    .setIssuer(issuer.issuer)
    .setAudience(issuer.audience)
    .setIssuedAt(subject.issuedAt)
    .setExpirationTime(subject.expiresAt)
    .setJti(randomUUID())
    .sign(issuer.secret)
}
