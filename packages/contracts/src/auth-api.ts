import { z } from 'zod'

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

/** Answer of `POST /auth/login` and `POST /auth/refresh`. */
export const tokensSchema = z.looseObject({
  access_token: z.string(),
  /** Good for one refresh; used twice it ends the login. */
  refresh_token: z.string(),
  token_type: z.literal('bearer'),
  /** Life of the access token in seconds. */
  expires_in: z.int().positive(),
})

/** Body of `POST /auth/refresh`. */
export const refreshRequestSchema = z.looseObject({ refresh_token: z.string().min(1).max(1024) })

/** Body of `POST /auth/logout`, where no access token says which login is to end. */
export const logoutRequestSchema = z.looseObject({ refresh_token: z.string().min(1).max(1024).optional() })

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

/** `code` of every 403 for a page of an origin that is not allowed, whichever service refuses it. */
export const foreignOrigin = 'foreign_origin'

export type LoginRequest = z.infer<typeof loginRequestSchema>
export type Tokens = z.infer<typeof tokensSchema>
export type TicketAnswer = z.infer<typeof ticketSchema>
