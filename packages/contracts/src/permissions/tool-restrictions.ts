import { z } from 'zod'
import { parseToolPattern, toolPatternLength } from './tool-pattern.ts'

const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\0]*$/, 'must not contain NUL')

const toolPattern = z
  .string()
  .min(1)
  .max(toolPatternLength)
  .refine(
    (text) => parseToolPattern(text) !== undefined,
    'must be made of letters, digits, _ - . / and the wildcards *, ?, [a-z], {one,other}',
  )

/** Names of tools, or patterns such as `read_*`; `*` is all, an empty list none. */
const rule = (pattern: z.ZodString) => {
  const names = z.array(pattern).max(1000)
  const mode = z.strictObject({ mode: z.enum(['all', 'none', 'allow', 'deny']), tools: names.optional() })
  return z
    .union(
      [names, mode],
      'must be a list of names, or {"mode": "all" | "none" | "allow" | "deny", "tools": […]}',
    )
    .refine(
      (value) => Array.isArray(value) || ['all', 'none'].includes(value.mode) || value.tools !== undefined,
      'mode allow and mode deny need a list of tools',
    )
}

const tools = rule(toolPattern)
const others = rule(name)

const entry = z.union(
  [
    tools,
    z.strictObject({ tools: tools.optional(), resources: others.optional(), prompts: others.optional() }),
    z.null(),
  ],
  'must be a list of names, {"mode": …, "tools": […]}, or either for each of tools, resources and prompts',
)

/**
 * What may be written to `roles.tool_restrictions`: a rule for each server by its name; an unlisted server, or null, is
 * not restricted. Workers read older shapes too, and permit nothing where they can read none.
 */
export const toolRestrictionsSchema = z.record(name, entry)
