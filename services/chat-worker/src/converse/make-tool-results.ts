import type { Anthropic } from '@anthropic-ai/sdk'
import { isBlank } from '@omni2/contracts'
import type { CalledTool } from '../transcript/transcript.ts'

/** What the model is given for its tool calls, in their order; whatever is not a result is marked as an error. */
export const makeToolResults = (called: readonly CalledTool[]): Anthropic.ToolResultBlockParam[] =>
  called.map(({ call_id, answer }) => ({
    type: 'tool_result',
    tool_use_id: call_id,
    content: showContent(answer?.content ?? ''),
    ...(answer?.status !== 'ok' && { is_error: true }),
  }))

/** The API takes no error without words, and no text without letters. */
const showContent = (content: string): string => (isBlank(content) ? '(no output)' : content)
