import { z } from 'zod'
import { ApiError } from './api-error.ts'
import { checkConversation } from './check-conversation.ts'

const cacheControl = z
  .object({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
  .nullish()

const textBlock = z.looseObject({
  type: z.literal('text'),
  text: z.string().min(1, 'text content blocks must be non-empty'),
  cache_control: cacheControl,
})

const toolUseBlock = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: z.record(z.string(), z.unknown()),
  cache_control: cacheControl,
})

const toolResultBlock = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
})

const opaqueBlock = z.looseObject({
  type: z.enum(['image', 'document', 'search_result', 'thinking', 'redacted_thinking']),
  cache_control: cacheControl,
})

const block = z.discriminatedUnion('type', [textBlock, toolUseBlock, toolResultBlock, opaqueBlock])

const message = z.object({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.preprocess(textAsBlocks, z.array(block).min(1, 'messages must have non-empty content')),
})

const tool = z.looseObject({ name: z.string().regex(/^[\w-]{1,128}$/), cache_control: cacheControl })

const messagesRequest = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1, 'at least one message is required'),
  system: z.preprocess(textAsBlocks, z.array(textBlock)).optional(),
  tools: z.array(tool).optional(),
  tool_choice: z.looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']) }).optional(),
  stream: z.boolean().optional(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).optional(),
  cache_control: cacheControl,
})

const limitedRequest = messagesRequest.extend({ max_tokens: z.number().int().min(0) })

export type Block = z.infer<typeof block>
export type ConversationMessage = z.infer<typeof message>
/** A request without its `max_tokens`, as `count_tokens` takes it. */
export type CountRequest = z.infer<typeof messagesRequest>
export type MessagesRequest = z.infer<typeof limitedRequest>

/** The body of POST /v1/messages, its string contents as text blocks; a 400 that names the first bad field. */
export function parseMessagesRequest(body: unknown): MessagesRequest {
  return parseWith(limitedRequest, body)
}

/** The body of POST /v1/messages/count_tokens. */
export function parseCountRequest(body: unknown): CountRequest {
  return parseWith(messagesRequest, body)
}

function parseWith<Request extends CountRequest>(schema: z.ZodType<Request>, body: unknown): Request {
  const parsed = schema.safeParse(body)
  if (!parsed.success) throw describeIssue(parsed.error)
  checkConversation(parsed.data)
  return parsed.data
}

function describeIssue({ issues: [issue] }: z.ZodError): ApiError {
  const where = issue?.path.join('.') || 'body'
  return new ApiError('invalid_request_error', `${where}: ${issue?.message ?? 'invalid'}`)
}

function textAsBlocks(content: unknown): unknown {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}
