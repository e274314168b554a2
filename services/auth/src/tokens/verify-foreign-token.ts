import type { JWTPayload } from 'jose'
import { z } from 'zod'
import type { AccountKey } from '@omni2/db'
import { AccessRefused } from '../access-refused.ts'
import { deriveSessionId, readSigningInput } from './derive-session-id.ts'
import type { TrustedIssuer } from './trusted-issuers.ts'
import { expirySchema, subjectSchema, type Login } from './verify-access-token.ts'
import { verifySignature } from './verify-signature.ts'

/** Verifies an access token of another issuer by its published keys; throws AccessRefused, or RetryableError when the keys cannot be had. */
export async function verifyForeignToken(token: string, issuer: TrustedIssuer): Promise<Login> {
  const payload = await verifySignature(token, issuer)
  const { exp, sid, jti } = parse(claimsSchema, payload)
  // Named after its issuer too: whatever it calls its logins, they are none of ours.
  const name = `${issuer.issuer}\n${sid ?? jti ?? readSigningInput(token)}`
  return { ...readAccount(payload, issuer), sid: deriveSessionId({ sid: name }, token), expiresAt: exp }
}

const claimsSchema = z.object({
  exp: expirySchema,
  sid: z.string().optional(),
  jti: z.string().optional(),
})

/** Postgres text cannot hold NUL, so no name does. */
const nameSchema = z
  .string()
  .min(1)
  .max(320)
  .regex(/^[^\0]*$/)

/** `sub` holds our user's id, `email` the address, if the issuer vouches for it, any other claim the username. */
function readAccount(payload: JWTPayload, { userClaim }: TrustedIssuer): AccountKey {
  const value = payload[userClaim]
  if (userClaim === 'sub') return { userId: parse(subjectSchema, value) }
  if (userClaim !== 'email') return { username: parse(nameSchema, value) }
  if (payload['email_verified'] !== true) throw new AccessRefused('email_unverified')
  return { email: parse(nameSchema, value) }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw new AccessRefused('token_malformed', { cause: parsed.error })
  return parsed.data
}
