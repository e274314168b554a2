import { eventOutcomes, eventTypes, turnSources, turnStatuses } from '@omni2/contracts'
import { z } from 'zod'

export const listedTurnSchema = z.object({
  session_id: z.string(),
  conversation_id: z.string().nullable(),
  user_id: z.int(),
  username: z.string().nullable(),
  source: z.enum(turnSources),
  status: z.enum(turnStatuses),
  attempt: z.int(),
  claimed_by: z.string().nullable(),
  cancel_requested_at: z.date().nullable(),
  created_at: z.date(),
  started_at: z.date().nullable(),
  ended_at: z.date().nullable(),
})

export const takenTurnSchema = listedTurnSchema.extend({
  /** Why it ended without a whole answer. */
  error_code: z.string().nullable(),
  model: z.string().nullable(),
  /** Everything the model read, cached included. */
  tokens_input: z.int().nullable(),
  tokens_output: z.int().nullable(),
  cost_usd: z.number().nullable(),
})

const turnEventSchema = z.object({
  /** 0: recorded by the edge. */
  attempt: z.int(),
  ordinal: z.int(),
  event_type: z.enum(eventTypes),
  outcome: z.enum(eventOutcomes),
  at: z.date(),
  /** When the recorder had written it, by the clock of the database. */
  recorded_at: z.date(),
  /** Of `usage_check`: `limits`, what was measured against what. */
  data: z.record(z.string(), z.unknown()),
})

export const turnSchema = takenTurnSchema.extend({
  error: z.string().nullable(),
  user_text: z.string(),
  answer: z.string().nullable(),
  tokens_cache_read: z.int().nullable(),
  tokens_cache_write: z.int().nullable(),
  estimated: z.boolean(),
  /** What attempts that died may have used at most, beside the others. */
  tokens_abandoned: z.int(),
  cost_abandoned_usd: z.number(),
  /** Its checkpoints, as far as they are recorded. */
  events: z.array(turnEventSchema),
})
