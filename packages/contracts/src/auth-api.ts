import { z } from 'zod'

/** Body of `POST /auth/login`; `username` may be an e-mail address. */
export const loginRequestSchema = z.looseObject({
  username: z.string().min(1).max(255),
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

/** Answer of `POST /auth/ticket`: good once, for `/ws/chat?ticket=…`. */
export const ticketSchema = z.looseObject({
  ticket: z.string(),
  /** Seconds. */
  expires_in: z.int().positive(),
})
