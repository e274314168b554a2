import { z } from 'zod'
import { block, cacheControl, textBlock, toolName } from './block-shape.ts'

const message = z.strictObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.preprocess(textAsBlocks, z.array(block)),
})

const tool = z.strictObject({
  type: z.literal('custom').nullish(),
  name: toolName,
  description: z.string().optional(),
  input_schema: z.looseObject({
    type: z.literal('object'),
    properties: z.record(z.string(), z.unknown()).nullish(),
    required: z.array(z.string()).nullish(),
  }),
  strict: z.boolean().optional(),
  defer_loading: z.boolean().optional(),
  eager_input_streaming: z.boolean().nullish(),
  allowed_callers: z.array(z.string()).optional(),
  input_examples: z.array(z.looseObject({})).optional(),
  cache_control: cacheControl,
})

const parallel = { disable_parallel_tool_use: z.boolean().optional() }

const toolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), ...parallel }),
  z.strictObject({ type: z.literal('any'), ...parallel }),
  z.strictObject({ type: z.literal('tool'), name: z.string(), ...parallel }),
  z.strictObject({ type: z.literal('none') }),
])

const display = { display: z.enum(['summarized', 'omitted']).nullish() }

const thinking = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('enabled'), budget_tokens: z.int().min(1024), ...display }),
  z.strictObject({ type: z.literal('adaptive'), ...display }),
  z.strictObject({ type: z.literal('between_tools') }),
  z.strictObject({ type: z.literal('disabled') }),
])

/** What `count_tokens` takes: what the model reads, without how it is to answer. */
export const countRequest = z.strictObject({
  model: z.string().min(1),
  messages: z.array(message).min(1, 'at least one message is required').max(100_000),
  system: z.preprocess(textAsBlocks, z.array(textBlock)).optional(),
  tools: z.array(tool).optional(),
  tool_choice: toolChoice.optional(),
  thinking: thinking.optional(),
  output_config: z
    .strictObject({
      effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      format: z.unknown().optional(),
    })
    .optional(),
  speed: z.enum(['standard', 'fast']).nullish(),
  cache_control: cacheControl,
})

export const messagesRequest = countRequest.extend({
  /** 0 fills the prompt cache only. */
  max_tokens: z.int().min(0),
  stream: z.boolean().optional(),
  metadata: z.strictObject({ user_id: z.string().max(256).nullish() }).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  stop_sequences: z.array(z.string()).optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  container: z.unknown().optional(),
  diagnostics: z.unknown().optional(),
  inference_geo: z.string().nullish(),
})

export type ConversationMessage = z.infer<typeof message>
export type CountRequest = z.infer<typeof countRequest>
export type MessagesRequest = z.infer<typeof messagesRequest>

function textAsBlocks(content: unknown): unknown {
  if (content === '') return []
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}
