import { turnSources, turnStatuses } from '@omni2/contracts'
import { z } from 'zod'

export const conversationSchema = z.object({
  conversation_id: z.string(),
  /** What its user named it, else the beginning of its first question. */
  title: z.string(),
  created_at: z.date(),
  /** When its last turn began. */
  updated_at: z.date(),
  /** Whether a turn of it runs. */
  running: z.boolean(),
})

export const spokenTurnSchema = z.object({
  session_id: z.string(),
  client_msg_id: z.string().nullable(),
  /** The turn that this one edits or regenerates. */
  replaces: z.string().nullable(),
  source: z.enum(turnSources),
  status: z.enum(turnStatuses),
  attempt: z.int(),
  user_text: z.string(),
  answer: z.string().nullable(),
  error_code: z.string().nullable(),
  error: z.string().nullable(),
  model: z.string().nullable(),
  tokens_input: z.int().nullable(),
  tokens_output: z.int().nullable(),
  /** USD, with what attempts that died may have used at most. */
  cost_usd: z.number().nullable(),
  duration_ms: z.int().nullable(),
  created_at: z.date(),
  ended_at: z.date().nullable(),
  /** Tool calls in their order, once they are recorded: a moment after the end. */
  tools: z.array(
    z.object({
      call_id: z.string(),
      /** `server.tool`. */
      name: z.string(),
      /** Null where it is long. */
      input: z.unknown(),
      /** Null: its result is not known. */
      status: z.enum(['ok', 'error', 'refused', 'timeout', 'cancelled']).nullable(),
      duration_ms: z.int().nullable(),
    }),
  ),
})
