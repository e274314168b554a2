import { z } from 'zod'
import { text } from '../schemas.ts'

export const welcomeSchema = z.object({
  scope: z.enum(['default', 'role', 'user']),
  /** The role's name or the user's id; null for the default. */
  target: z.string().nullable(),
  welcome_message: z.string(),
  show_usage_info: z.boolean(),
})

export const welcomeChangeSchema = z.strictObject({
  welcome_message: text(10_000).min(1),
  /** Stays when it is not given; true for a new text. */
  show_usage_info: z.boolean().optional(),
})
