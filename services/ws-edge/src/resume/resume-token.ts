import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import { idSchema, userIdSchema } from '@omni2/contracts'

/** What a resume token names; it never authenticates: its user must equal the connection's. */
const resumeClaimsSchema = z.strictObject({
  conversation_id: idSchema,
  user_id: userIdSchema,
  /** Unix time in milliseconds. */
  expires_at: z.int().positive(),
})

export type ResumeClaims = z.infer<typeof resumeClaimsSchema>

export type ResumeTokenCheck =
  | { valid: true; claims: ResumeClaims }
  | { valid: false; reason: 'bad_token' | 'expired_token' }

/** Makes a token that any edge with the same secret accepts: base64url of the claims, a dot, their HMAC-SHA-256. */
export function makeResumeToken(claims: ResumeClaims, { secret }: { secret: string }): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
  return `${payload}.${sign(payload, secret).toString('base64url')}`
}

/** Checks a token from a client; `now` is Unix time in milliseconds. */
export function checkResumeToken(
  token: string,
  { secret, now }: { secret: string; now: number },
): ResumeTokenCheck {
  const [payload, signature, ...rest] = token.split('.')
  if (!payload || !signature || rest.length > 0) return { valid: false, reason: 'bad_token' }
  if (!isSignatureOf(payload, signature, secret)) return { valid: false, reason: 'bad_token' }
  const claims = readClaims(payload)
  if (!claims) return { valid: false, reason: 'bad_token' }
  return claims.expires_at > now ? { valid: true, claims } : { valid: false, reason: 'expired_token' }
}

const sign = (payload: string, secret: string): Buffer =>
  createHmac('sha256', secret).update(`resume.${payload}`).digest()

function isSignatureOf(payload: string, signature: string, secret: string): boolean {
  const expected = sign(payload, secret)
  const given = Buffer.from(signature, 'base64url')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

function readClaims(payload: string): ResumeClaims | undefined {
  try {
    return resumeClaimsSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString())).data
  } catch {
    return undefined
  }
}
