import type { TurnContext } from '@omni2/db'
import { z } from 'zod'

/** Value of an `omni2_config` row with a system prompt: the text itself, or an object that holds it. */
const systemPromptSchema = z.union([
  z.string(),
  z.looseObject({ text: z.string() }).transform(({ text }) => text),
])

/**
 * The system prompt of the role, otherwise the default one, otherwise that of the worker. An unreadable value counts as
 * none.
 */
export function chooseSystemPrompt(
  stored: Pick<TurnContext, 'role_system_prompt' | 'default_system_prompt'>,
  own: string,
): { text: string; source: 'role' | 'default' | 'config' } {
  const ofRole = systemPromptSchema.safeParse(stored.role_system_prompt)
  if (ofRole.success) return { text: ofRole.data, source: 'role' }
  const byDefault = systemPromptSchema.safeParse(stored.default_system_prompt)
  if (byDefault.success) return { text: byDefault.data, source: 'default' }
  return { text: own, source: 'config' }
}
