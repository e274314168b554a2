import { rateLimitHeaders } from '@omni2/contracts'
import { z } from 'zod'

/** The limit that refused a turn, as its frame says it. */
const limitSchema = z.object({
  limit: z.number(),
  used: z.number().optional(),
  remaining: z.number().optional(),
  reset_at: z.iso.datetime().optional(),
  retry_after_ms: z.number().optional(),
})

/** Headers that name the limit which refused; none where no limit did. `now` is Unix time in milliseconds. */
export function describeLimit(
  fields: Readonly<Record<string, unknown>>,
  now: number,
): Record<string, string> {
  const refusing = limitSchema.safeParse(fields).data
  if (!refusing) return {}
  const { limit, used = limit, remaining = Math.max(0, limit - used), reset_at, retry_after_ms } = refusing
  const resetMs = reset_at === undefined ? retry_after_ms : Date.parse(reset_at) - now
  return {
    [rateLimitHeaders.limit]: String(limit),
    [rateLimitHeaders.remaining]: String(remaining),
    ...(resetMs === undefined
      ? {}
      : { [rateLimitHeaders.reset]: String(Math.max(0, Math.ceil(resetMs / 1000))) }),
  }
}
