import { newEmailSchema, newPasswordSchema, newPersonNameSchema, newUsernameSchema } from '@omni2/contracts'
import { z } from 'zod'
import { name, text } from '../schemas.ts'

export const listedUserSchema = z.object({
  id: z.int(),
  username: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: z.string().nullable(),
  active: z.boolean(),
  is_blocked: z.boolean(),
})

export const accountSchema = z.object({
  id: z.int(),
  username: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role: z.string().nullable(),
  active: z.boolean(),
  /** Requests a minute, before the role's. */
  rate_limit_override: z.int().nullable(),
  last_login_at: z.date().nullable(),
  created_at: z.date().nullable(),
})

export const newUserSchema = z.strictObject({
  username: newUsernameSchema,
  /** For people; the username where there is none. */
  name: newPersonNameSchema.optional(),
  /** Can be typed at a login in place of the username. */
  email: newEmailSchema.nullable().default(null),
  /** A role's name; null: none. */
  role: name(50).nullable().default(null),
  /** Stored as its bcrypt hash; no answer and no record holds it. Without one the user needs an invitation to log in. */
  password: newPasswordSchema.optional(),
})

export const passwordSchema = z.strictObject({ password: newPasswordSchema })

export const loginsSchema = z.object({
  /** Logins that go on. */
  logins: z.int(),
})

export const accountChangeSchema = z
  .strictObject({
    /** A role's name; null: none. */
    role: name(50).nullable().optional(),
    active: z.boolean().optional(),
    rate_limit_override: z.int().min(0).max(1_000_000).nullable().optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'must change something')

export const blockSchema = z.object({
  is_blocked: z.boolean(),
  block_reason: z.string().nullable(),
  custom_block_message: z.string().nullable(),
  /** Null: all of them. */
  blocked_services: z.array(z.string()).nullable(),
  blocked_at: z.date().nullable(),
  blocked_by: z.int().nullable(),
})

export const blockChangeSchema = z.strictObject({
  is_blocked: z.boolean(),
  block_reason: text(1000).nullable().default(null),
  /** The user sees it in place of the reason. */
  custom_block_message: text(1000).nullable().default(null),
  blocked_services: z.array(name(50)).min(1).max(20).nullable().default(['chat', 'mcp']),
})

/** The new state of a block; fields that are absent keep the values of a block that exists. */
export const blockPatchSchema = z.strictObject({
  is_blocked: z.literal(true),
  block_reason: text(1000).nullable().optional(),
  /** The user sees it in place of the reason. */
  custom_block_message: text(1000).nullable().optional(),
  blocked_services: z.array(name(50)).min(1).max(20).nullable().optional(),
})

export const invitationSchema = z.object({
  expires_at: z.date(),
  created_at: z.date(),
  /** The operator's id. */
  invited_by: z.int(),
})

export const monitoringSchema = z.object({
  expires_at: z.date(),
  started_at: z.date(),
  started_by: z.int(),
})

export const usageSchema = z.object({ requests: z.int(), tokens: z.number(), cost_usd: z.number() })
