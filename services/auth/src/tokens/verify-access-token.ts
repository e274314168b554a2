import { z } from 'zod'
import { userIdSchema } from '@omni2/contracts'
import type { AccountKey } from '@omni2/db'
import { AccessRefused } from '../access-refused.ts'
import { deriveSessionId } from './derive-session-id.ts'
import { verifySignature } from './verify-signature.ts'

/** The one algorithm of our own access tokens; a token's own header never chooses. */
export const accessTokenAlgorithm = 'HS256'

export interface TokenRules {
  readonly secret: Uint8Array
  readonly issuer: string
  readonly audience: string
  readonly clockToleranceSeconds: number
}

/** What an access token proves. */
export type Login = AccountKey & {
  readonly sid: string
  /** End of the token in Unix seconds. */
  readonly expiresAt: number
}

/** Verifies an access token of our own, or of an existing deployment with our secret; throws AccessRefused with the reason. */
export async function verifyAccessToken(
  token: string,
  rules: TokenRules,
): Promise<Login & { readonly userId: number }> {
  const keys = () => rules.secret
  const payload = await verifySignature(token, { ...rules, keys, algorithms: [accessTokenAlgorithm] })
  const claims = claimsSchema.safeParse(payload)
  if (!claims.success) throw new AccessRefused('token_malformed', { cause: claims.error })
  const { sub, exp } = claims.data
  return { userId: sub, sid: deriveSessionId(claims.data, token), expiresAt: exp }
}

/** A user's id as number or text. */
export const subjectSchema = z
  .union([z.int(), z.string().regex(/^[1-9]\d{0,9}$/)])
  .transform(Number)
  .pipe(userIdSchema)

/** End of a token in whole Unix seconds. */
export const expirySchema = z.number().positive().transform(Math.floor).pipe(z.int())

const claimsSchema = z.object({
  sub: subjectSchema,
  exp: expirySchema,
  sid: z.string().optional(),
  jti: z.string().optional(),
})
