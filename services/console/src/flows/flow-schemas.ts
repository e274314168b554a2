import { idSchema, turnSources, turnStatuses } from '@omni2/contracts'
import { z } from 'zod'
import { name, text, userId } from '../schemas.ts'

const time = z.iso.datetime({ offset: true }).transform((at) => new Date(at))

/** Which turns are shown; what is absent does not count. */
export const flowFilter = {
  /** Operators: unless given, of all users. */
  user_id: userId.optional(),
  conversation_id: idSchema.optional(),
  source: z.enum(turnSources).optional(),
  status: z.enum(turnStatuses).optional(),
  model: name(200).optional(),
  /** `server.tool`, or a server. */
  tool: name(200).optional(),
  /** Accepted from this time on. */
  since: time.optional(),
  /** Accepted before this time. */
  until: time.optional(),
  /** Words of question or answer. */
  search: text(200).min(1).optional(),
  /** Only turns that ended without a whole answer. */
  failed: z.literal('true').optional(),
  /** USD, at least. */
  cost_from: z.coerce.number().min(0).optional(),
}

export const flowSchema = z.object({
  session_id: z.string(),
  conversation_id: z.string().nullable(),
  user_id: z.int(),
  username: z.string().nullable(),
  source: z.enum(turnSources),
  status: z.enum(turnStatuses),
  attempt: z.int(),
  /** Its beginning. */
  question: z.string(),
  model: z.string().nullable(),
  tools_used: z.array(z.string()),
  tokens_input: z.int().nullable(),
  tokens_output: z.int().nullable(),
  /** USD, with what attempts that died may have used at most. */
  cost_usd: z.number(),
  error_code: z.string().nullable(),
  queue_ms: z.int().nullable(),
  first_token_ms: z.int().nullable(),
  duration_ms: z.int().nullable(),
  created_at: z.date(),
  ended_at: z.date().nullable(),
})

export const flowGroupSchema = z.object({
  conversation_id: z.string(),
  user_id: z.int(),
  username: z.string().nullable(),
  title: z.string(),
  turns: z.int(),
  failed: z.int(),
  tokens: z.number(),
  cost_usd: z.number(),
  first_at: z.date(),
  last_at: z.date(),
  /** The last of these turns. */
  last_session_id: z.string(),
})

export const flowStatisticsSchema = z.object({
  since: z.date(),
  until: z.date(),
  /** Length of a step, in seconds. */
  step_seconds: z.int(),
  /** Steps with turns, the oldest first. */
  buckets: z.array(
    z.object({
      at: z.date(),
      turns: z.int(),
      failed: z.int(),
      tokens: z.number(),
      cost_usd: z.number(),
      first_token_p50_ms: z.int().nullable(),
      first_token_p95_ms: z.int().nullable(),
      duration_p50_ms: z.int().nullable(),
      duration_p95_ms: z.int().nullable(),
    }),
  ),
})
