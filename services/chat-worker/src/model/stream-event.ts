import type { Anthropic } from '@anthropic-ai/sdk'
import { parseExactJson } from '@omni2/contracts'
import type { EventSourceMessage } from 'eventsource-parser'
import { z } from 'zod'

export type StartedBlock = Anthropic.RawContentBlockStartEvent['content_block']

const text = z.string().catch('')

/** Blocks of newer types than this worker knows stay unchanged. */
const startedBlockSchema = z
  .union([
    z.looseObject({ type: z.literal('text'), text }),
    z.looseObject({ type: z.literal('thinking'), thinking: text, signature: text }),
    z.looseObject({ type: z.string() }),
  ])
  .transform((block) => block as unknown as StartedBlock)

/** A piece of a type that this worker does not know is `unknown`. */
const deltaSchema = z.union([
  z.discriminatedUnion('type', [
    z.object({ type: z.literal('text_delta'), text: z.string() }),
    z.object({ type: z.literal('thinking_delta'), thinking: z.string() }),
    z.object({ type: z.literal('signature_delta'), signature: z.string() }),
    z.object({ type: z.literal('input_json_delta'), partial_json: z.string() }),
  ]),
  z.unknown().transform(() => ({ type: 'unknown' }) as const),
])

const index = z.number().catch(0)

const messageSchema = z
  .object({
    id: z.string().nullable().catch(null),
    model: z.string().nullable().catch(null),
    usage: z.unknown().optional(),
  })
  .catch({ id: null, model: null, usage: undefined })

const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: messageSchema }),
  z.object({ type: z.literal('content_block_start'), index, content_block: startedBlockSchema }),
  z.object({ type: z.literal('content_block_delta'), index, delta: deltaSchema }),
  z.object({
    type: z.literal('message_delta'),
    delta: z.object({ stop_reason: z.string().nullable().catch(null) }).catch({ stop_reason: null }),
    usage: z.unknown().optional(),
  }),
  z.object({ type: z.literal('message_stop') }),
  z.looseObject({ type: z.literal('error') }),
  z.object({ type: z.literal('unreadable') }),
])

/** An event of the stream of the API (docs: "Streaming Messages"), with the fields that this worker reads. */
export type StreamEvent = z.infer<typeof eventSchema>
export type Delta = z.infer<typeof deltaSchema>

/**
 * Reads an event by the type in its data, otherwise by its name; undefined for types that do not matter here. An
 * unreadable piece of the reply is `unreadable`, because the text after it would not be the reply of the model.
 */
export function decodeEvent({ event: name, data }: EventSourceMessage): StreamEvent | undefined {
  const body = readJson(data)
  if (body === undefined && name?.startsWith('content_block')) return { type: 'unreadable' }
  const fields = typeof body === 'object' ? body : {}
  if (isTextDelta(fields)) return fields
  return (
    eventSchema.safeParse(fields).data ??
    (name === undefined ? undefined : eventSchema.safeParse({ ...fields, type: name }).data)
  )
}

/** Nearly every event is a piece of text; for those the schema costs more than all other work on them. */
function isTextDelta(fields: object | null): fields is Extract<StreamEvent, { type: 'content_block_delta' }> {
  const { type, index: at, delta } = (fields ?? {}) as Record<string, unknown>
  if (type !== 'content_block_delta' || typeof at !== 'number' || typeof delta !== 'object') return false
  const { type: kind, text: piece } = (delta ?? {}) as Record<string, unknown>
  return kind === 'text_delta' && typeof piece === 'string'
}

function readJson(data: string): unknown {
  try {
    return parseExactJson(data)
  } catch {
    return undefined
  }
}
