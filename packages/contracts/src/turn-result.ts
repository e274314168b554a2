import { z } from 'zod'

/** What a turn answered and what it cost; sent in `done`, `cancelled` and, where something was said, in `error`. */
export const turnResultSchema = z.looseObject({
  answer: z.string(),
  model: z.string(),
  /** The model's own stop reason, or `cancelled`, `interrupted`. */
  stop_reason: z.string(),
  /** Model calls made. */
  iterations: z.int().min(0),
  tool_calls: z.int().min(0),
  /** `mcp.tool` names in order of first use. */
  tools_used: z.array(z.string()),
  /** Everything the model read, cached included. */
  tokens_input: z.int().min(0),
  tokens_output: z.int().min(0),
  /** The part of tokens_input that was read from the prompt cache. */
  tokens_cached: z.int().min(0),
  /** USD with 8 decimals. */
  cost_usd: z.number().min(0),
  duration_ms: z.int().min(0),
  first_token_ms: z.int().min(0).nullable(),
  /** From accepted to claimed. */
  queue_ms: z.int().min(0),
  /** True where the model's own count was lost and tokens were estimated from the text. */
  estimated: z.boolean().optional(),
  warning: z.string().optional(),
})

export type TurnResult = z.infer<typeof turnResultSchema>
