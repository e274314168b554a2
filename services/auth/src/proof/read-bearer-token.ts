import { AccessRefused } from '../access-refused.ts'
import { isOpaqueToken } from '@omni2/passwords'

/** Reads the token of an `Authorization: Bearer` header (RFC 6750 §2.1); throws AccessRefused. */
export function readBearerToken(authorization: string): string {
  if (!/^bearer( |$)/i.test(authorization)) throw new AccessRefused('token_missing')
  const token = /^bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1]
  if (token === undefined) throw new AccessRefused('token_malformed')
  if (isOpaqueToken(token, 'refresh')) throw new AccessRefused('refresh_token')
  return token
}
