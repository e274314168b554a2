import type { Anthropic } from '@anthropic-ai/sdk'
import { isBlank } from '@omni2/contracts'
import type { CalledTool } from '../transcript/transcript.ts'

/** The results of tool calls for the model, in the order of the calls. All but real results are marked as errors. */
export const makeToolResults = (called: readonly CalledTool[]): Anthropic.ToolResultBlockParam[] =>
  called.map(({ call_id, answer }) => ({
    type: 'tool_result',
    tool_use_id: call_id,
    content: showContent(answer?.content ?? ''),
    ...(answer?.status !== 'ok' && { is_error: true }),
  }))

/** The API refuses an error without text, and a text without letters. */
const showContent = (content: string): string => (isBlank(content) ? '(no output)' : content)
