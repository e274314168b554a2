import { z } from 'zod'
import type { Usage } from '../prices.ts'

/** The counts of the API for a call so far; unknown ones are missing. */
export type CountedUsage = Partial<Omit<Usage, 'estimated'>>

/** More tokens than one call can have. Such a number is ignored, so that no sum of a turn exceeds its column. */
const mostTokens = 10_000_000

const count = z.int().min(0).max(mostTokens).optional().catch(undefined)

const usageSchema = z.object({
  input_tokens: count,
  cache_read_input_tokens: count,
  cache_creation_input_tokens: count,
  cache_creation: z
    .object({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count })
    .optional()
    .catch(undefined),
  output_tokens: count,
})

/** Reads a `usage` of the API; ignores fields that are not counts. */
export function readCounts(usage: unknown): CountedUsage {
  const { data } = usageSchema.safeParse(usage)
  if (!data) return {}
  const { input_tokens: input, cache_read_input_tokens: cacheRead, output_tokens: output } = data
  const cacheWrite = data.cache_creation_input_tokens ?? sumWrites(data.cache_creation)
  const counted = withoutMissing({ input, cacheRead, cacheWrite })
  // No answer comes without anything read: gateways that count at the end say 0 before it, others only at the start.
  const isCounted = (input ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0) > 0
  return { ...(isCounted && counted), ...withoutMissing({ output }) }
}

function sumWrites(writes: z.infer<typeof usageSchema>['cache_creation']): number | undefined {
  const { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long } = writes ?? {}
  return short === undefined && long === undefined ? undefined : (short ?? 0) + (long ?? 0)
}

const withoutMissing = (counts: Record<string, number | undefined>): CountedUsage =>
  Object.fromEntries(Object.entries(counts).filter(([, tokens]) => tokens !== undefined))
