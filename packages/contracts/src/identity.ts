import { z } from 'zod'
import { userIdSchema } from './ids.ts'

/** Headers that say who a request is from; clients' own are stripped at the entry point. */
export const identityHeaders = {
  userId: 'x-user-id',
  username: 'x-user-username',
  role: 'x-user-role',
  assertion: 'x-omni2-identity',
} as const

/** The signed identity's fixed issuer, audience, algorithm and longest life in seconds (JWS, RFC 8037). */
export const assertionRules = {
  issuer: 'omni2-auth',
  audience: 'omni2',
  algorithm: 'EdDSA',
  lifetimeSeconds: 60,
} as const

/** Claims of the assertion that `auth` signs for one request and that edge and console verify. */
export const assertionClaimsSchema = z.looseObject({
  iss: z.literal(assertionRules.issuer),
  aud: z.literal(assertionRules.audience),
  sub: z.string().regex(/^[1-9]\d{0,9}$/),
  username: z.string(),
  role: z.string(),
  /** The login this comes from. */
  sid: z.string().min(1),
  /** When that login ends, in Unix seconds. */
  session_exp: z.int().positive(),
  method: z.string(),
  path: z.string(),
  iat: z.int(),
  exp: z.int(),
})

export type AssertionClaims = z.infer<typeof assertionClaimsSchema>

/** Who a connection or a turn belongs to, as proven at the edge. */
export const identitySchema = z.strictObject({
  user_id: userIdSchema,
  username: z.string(),
  role: z.string(),
  sid: z.string().min(1),
  session_exp: z.int().positive(),
})

export type Identity = z.infer<typeof identitySchema>
