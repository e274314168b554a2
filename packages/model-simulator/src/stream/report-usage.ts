import type { MessageDeltaUsage, Usage } from '@anthropic-ai/sdk/resources/messages'
import type { InputUsage } from '../usage/prompt-cache.ts'

interface OutputCounts {
  readonly output: number
  readonly thinking: number
}

/** A message's usage as the API words it. */
export function reportUsage(input: InputUsage, counts: OutputCounts): Usage {
  return {
    ...reportDeltaUsage(input, counts),
    input_tokens: input.uncached,
    cache_creation: {
      ephemeral_5m_input_tokens: input.created5m,
      ephemeral_1h_input_tokens: input.created1h,
    },
    inference_geo: null,
    service_tier: 'standard',
    speed: null,
  }
}

/** The cumulative usage of `message_delta`. */
export function reportDeltaUsage(input: InputUsage, { output, thinking }: OutputCounts): MessageDeltaUsage {
  return {
    input_tokens: input.uncached,
    cache_creation_input_tokens: input.created5m + input.created1h,
    cache_read_input_tokens: input.cacheRead,
    output_tokens: output,
    output_tokens_details: { thinking_tokens: thinking },
    server_tool_use: null,
  }
}
