import { turnSources, turnStatuses } from '@omni2/contracts'
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

export const turnSchema = listedTurnSchema.extend({
  user_text: z.string(),
  answer: z.string().nullable(),
  model: z.string().nullable(),
  tokens_input: z.int().nullable(),
  tokens_output: z.int().nullable(),
  cost_usd: z.number().nullable(),
})
