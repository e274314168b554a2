import { z } from 'zod'

const toolName = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\0]*$/, 'must not contain NUL')

/** Names of tools, or patterns such as `read_*`; `*` is all, an empty list none. */
const names = z.array(toolName).max(1000)

const mode = z.strictObject({ mode: z.enum(['all', 'none', 'allow', 'deny']), tools: names.optional() })

const rule = z
  .union(
    [names, mode],
    'must be a list of names, or {"mode": "all" | "none" | "allow" | "deny", "tools": […]}',
  )
  .refine(
    (value) => Array.isArray(value) || ['all', 'none'].includes(value.mode) || value.tools !== undefined,
    'mode allow and mode deny need a list of tools',
  )

const entry = z.union(
  [
    rule,
    z.strictObject({ tools: rule.optional(), resources: rule.optional(), prompts: rule.optional() }),
    z.null(),
  ],
  'must be a list of names, {"mode": …, "tools": […]}, or either for each of tools, resources and prompts',
)

/**
 * What may be written to `roles.tool_restrictions`: a rule for each server by its name; an unlisted server, or null, is
 * not restricted. Workers read older shapes too, and permit nothing where they can read none.
 */
export const toolRestrictionsSchema = z.record(toolName, entry)
