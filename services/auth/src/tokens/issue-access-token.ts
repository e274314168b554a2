import { randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { accessTokenAlgorithm, type TokenRules } from './verify-access-token.ts'

export type AccessTokenIssuer = Pick<TokenRules, 'secret' | 'issuer' | 'audience'>

interface TokenSubject {
  readonly userId: number
  readonly sid: string
  readonly username: string
  readonly role: string
  /** Both in Unix seconds. */
  readonly issuedAt: number
  readonly expiresAt: number
}

/** Signs an access token that verifyAccessToken accepts until `expiresAt`. */
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
