import { z } from 'zod'

const toolId = z.string().regex(/^[a-zA-Z0-9_-]+$/)
export const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/)

export const cacheControl = z
  .strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
  .nullish()

export const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  citations: z.unknown().optional(),
  cache_control: cacheControl,
})

const imageBlock = z.strictObject({
  type: z.literal('image'),
  source: z.looseObject({ type: z.enum(['base64', 'url', 'file']) }),
  transformations: z.unknown().optional(),
  cache_control: cacheControl,
})

const documentBlock = z.strictObject({
  type: z.literal('document'),
  source: z.looseObject({ type: z.enum(['base64', 'text', 'content', 'url', 'file']) }),
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: z.unknown().optional(),
  cache_control: cacheControl,
})

const searchResultBlock = z.strictObject({
  type: z.literal('search_result'),
  source: z.string(),
  title: z.string(),
  content: z.array(textBlock),
  citations: z.unknown().optional(),
  cache_control: cacheControl,
})

const resultBlock = z.discriminatedUnion('type', [
  textBlock,
  imageBlock,
  documentBlock,
  searchResultBlock,
  z.strictObject({ type: z.literal('tool_reference'), tool_name: toolName, cache_control: cacheControl }),
])

const toolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: toolId,
  name: toolName,
  input: z.record(z.string(), z.unknown()),
  caller: z.unknown().optional(),
  toolset_name: z.string().nullish(),
  cache_control: cacheControl,
})

const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: toolId,
  content: z.union([z.string(), z.array(resultBlock)]).optional(),
  is_error: z.boolean().optional(),
  toolset_name: z.string().nullish(),
  cache_control: cacheControl,
})

/** Thinking takes no cache mark. */
const thinkingBlock = z.strictObject({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string(),
})

const redactedThinkingBlock = z.strictObject({ type: z.literal('redacted_thinking'), data: z.string() })

export const block = z.discriminatedUnion('type', [
  textBlock,
  imageBlock,
  documentBlock,
  searchResultBlock,
  toolUseBlock,
  toolResultBlock,
  thinkingBlock,
  redactedThinkingBlock,
])

export type Block = z.infer<typeof block>
/** A block within the result of a tool. */
export type ResultBlock = z.infer<typeof resultBlock>
