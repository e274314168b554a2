import { z } from 'zod'

export const listedLetterSchema = z.object({
  /** Of the letter in its stream; names it. */
  seq: z.int(),
  reason: z.string(),
  /** Where the message was. */
  subject: z.string(),
  stream: z.string(),
  stream_sequence: z.int(),
  deliveries: z.int(),
  payload_bytes: z.int(),
  parked_at: z.string(),
  parked_by: z.string(),
})

export const letterSchema = listedLetterSchema.extend({
  /** The message as it came, where it is text; else null. */
  payload_text: z.string().nullable(),
  payload_base64: z.string(),
})

/** `{seq}` of a path. */
export const ofLetter = z.strictObject({
  seq: z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'must be the seq of a letter')
    .transform(Number),
})
