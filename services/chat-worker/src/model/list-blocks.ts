import type { Anthropic } from '@anthropic-ai/sdk'

/** The content of a message; a plain text is one block. */
export const listBlocks = ({ content }: Anthropic.MessageParam): Anthropic.ContentBlockParam[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content
