import { z } from 'zod'
import { name, text } from '../schemas.ts'

export const priceSchema = z.object({
  model: z.string(),
  /** USD per million tokens, as all of them. */
  input: z.number(),
  output: z.number(),
  cache_read: z.number(),
  /** Writing to the five-minute cache. */
  cache_write: z.number(),
  /** Where the price was read. */
  source: z.string(),
  /** The day it was read. */
  read_on: z.string(),
  /** False: an operator's own, which no migration changes. */
  is_shipped: z.boolean(),
  updated_at: z.date(),
})

export const ofModel = z.strictObject({ model: name(200).regex(/^\S+$/, 'must not contain spaces') })

const amount = z.number().min(0).max(100_000)

export const priceChangeSchema = z
  .strictObject({
    input: amount,
    output: amount,
    cache_read: amount,
    cache_write: amount,
    source: text(1000).min(1),
    read_on: z.iso.date(),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change something')
