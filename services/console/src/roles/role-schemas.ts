import { newRoleNameSchema, toolRestrictionsSchema } from '@omni2/contracts'
import { z } from 'zod'
import { name, text } from '../schemas.ts'

export const roleSchema = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string().nullable(),
  /** Names of MCP servers, or `*`; empty or null = none. */
  mcp_access: z.array(z.string()).nullable(),
  /** As it is stored. */
  tool_restrictions: z.unknown(),
  dashboard_access: z.string().nullable(),
  /** Requests a minute. */
  rate_limit: z.int().nullable(),
  /** USD a UTC day; 0 = nothing, null = no limit. */
  cost_limit_daily: z.number().nullable(),
  /** Life of an access token in seconds. */
  token_expiry: z.int().nullable(),
  users: z.int(),
})

const fields = {
  description: text(1000).nullable(),
  mcp_access: z.array(name(100)).max(1000).nullable(),
  tool_restrictions: toolRestrictionsSchema.nullable(),
  dashboard_access: name(20).nullable(),
  rate_limit: z.int().min(0).max(1_000_000).nullable(),
  cost_limit_daily: z.number().min(0).max(99_999_999).nullable(),
  token_expiry: z.int().min(60).max(86_400).nullable(),
}

/** A new role may nothing that is not said: no MCP server, no request, no cost. */
export const newRoleSchema = z.strictObject({
  name: newRoleNameSchema,
  description: fields.description.default(null),
  mcp_access: fields.mcp_access.default([]),
  tool_restrictions: fields.tool_restrictions.default({}),
  dashboard_access: fields.dashboard_access.default('none'),
  rate_limit: fields.rate_limit,
  cost_limit_daily: fields.cost_limit_daily,
  token_expiry: fields.token_expiry.default(3600),
})

export const roleChangeSchema = z
  .strictObject(fields)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
