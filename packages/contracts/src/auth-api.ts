import { z } from 'zod'
import { newPasswordSchema } from './accounts.ts'
import { userIdSchema } from './ids.ts'

/** Body of `POST /auth/login`; `username` may be an e-mail address. */
export const loginRequestSchema = z.looseObject({
  username: z
    .string()
    .min(1)
    .max(320)
    // Postgres text cannot hold NUL, so no username does.
    .regex(/^[^\0]*$/, 'must not contain NUL'),
  password: z.string().min(1).max(1024),
})

/** Body of `POST /auth/invitation`: the token of the link, and the password that its holder wants. */
export const invitationRequestSchema = z.looseObject({
  token: z.string().min(1).max(1024),
  password: newPasswordSchema,
})

/** Answer of `POST /auth/login`, `POST /auth/refresh` and `POST /auth/invitation`. */
export const tokensSchema = z.looseObject({
  access_token: z.string(),
  /** Good for one refresh; used twice it ends the login. */
  refresh_token: z.string(),
  token_type: z.literal('bearer'),
  /** Life of the access token in seconds. */
  expires_in: z.int().positive(),
})

/** Body of `POST /auth/refresh`; without a token the cookie's is taken. */
export const refreshRequestSchema = z.looseObject({ refresh_token: z.string().min(1).max(1024).optional() })

/** Body of `POST /auth/logout`, for clients without an access token or a cookie that names the login. */
export const logoutRequestSchema = z.looseObject({ refresh_token: z.string().min(1).max(1024).optional() })

/** Answer of `GET /auth/me`: whose login it is that the request proves. */
export const meSchema = z.looseObject({
  user_id: userIdSchema,
  username: z.string(),
  /** Empty for a user without a role. */
  role: z.string(),
  /** When the access token ends; a refresh gives the next one. */
  token_expires_at: z.iso.datetime(),
  /** When the login ends, however often it is refreshed. */
  session_expires_at: z.iso.datetime(),
})

/** Answer of `POST /auth/ticket`: good once, for `/ws/chat?ticket=…`. */
export const ticketSchema = z.looseObject({
  ticket: z.string(),
  /** Seconds. */
  expires_in: z.int().positive(),
})

/** The one path that a ticket opens, by GET. */
export const ticketPath = '/ws/chat'

/**
 * Names of the cookie that holds the access token: over https one that browsers take from this very host only
 * (RFC 6265bis §4.1.3.2), and a plain one for development over http on loopback.
 */
export const accessCookies = { https: '__Host-omni2_access', http: 'omni2_access' } as const

/** Names of the cookie that holds the refresh token, in the same two forms. */
export const refreshCookies = { https: '__Host-omni2_refresh', http: 'omni2_refresh' } as const

/** `code` of every 403 for a page of an origin that is not allowed, whichever service refuses it. */
export const foreignOrigin = 'foreign_origin'

export type InvitationRequest = z.infer<typeof invitationRequestSchema>
export type LoginRequest = z.infer<typeof loginRequestSchema>
export type Tokens = z.infer<typeof tokensSchema>
export type Me = z.infer<typeof meSchema>
export type TicketAnswer = z.infer<typeof ticketSchema>
