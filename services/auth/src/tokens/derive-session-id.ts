import { createHash } from 'node:crypto'
import { idSchema } from '@omni2/contracts'

/**
 * Names the login that a token belongs to: its `sid` where that is a UUID; else, for tokens of an existing deployment, a
 * UUIDv8 (RFC 9562) made from `sid`, `jti` or what the token's signature is over, the same each time, so that such a login
 * can be revoked too.
 */
export function deriveSessionId(
  claims: { sid?: string | undefined; jti?: string | undefined },
  token: string,
): string {
  const sid = idSchema.safeParse(claims.sid?.toLowerCase())
  return sid.success ? sid.data : hashToId(claims.sid ?? claims.jti ?? readSigningInput(token))
}

/**
 * The part of a token that its signature is over (RFC 7515 §5.2): the only one that cannot be spelled in another way. Of a
 * signature several spellings decode to the same bytes, and of some algorithms several signatures are valid.
 */
export const readSigningInput = (token: string): string => token.slice(0, token.lastIndexOf('.'))

function hashToId(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
