import { parseExactJson } from '@omni2/contracts'
import { z } from 'zod'
import type { ToolResult } from './read-result.ts'

/** Blocks of one result at most; the rest are counted. */
const mostBlocks = 1000

/** Texts up to this length are compared with the structured content, which servers repeat as text for older clients. */
const comparedLength = 131_072

/**
 * The answer of a tool as text. Content other than text is named with its type and size, and unknown content is shown.
 */
export function describeResult({ content, structuredContent }: ToolResult): string {
  const parts = content.slice(0, mostBlocks).map(describeBlock)
  const rest = content.length - parts.length
  if (rest > 0) parts.push(`[${rest} more blocks]`)
  const structured = structuredContent === undefined ? undefined : JSON.stringify(structuredContent)
  const isRepeated = parts.some((part) => structured !== undefined && isSameJson(part, structured))
  return [...parts, ...(structured === undefined || isRepeated ? [] : [structured])].join('\n')
}

const mimeType = z.string().catch('unknown type')
const bodySchema = z.object({
  uri: z.string(),
  mimeType,
  text: z.string().optional(),
  blob: z.string().optional(),
})
const blockSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal(['image', 'audio']), mimeType, data: z.string() }),
  z.object({
    type: z.literal('resource_link'),
    name: z.string().catch(''),
    uri: z.string(),
    mimeType,
    size: z.number().optional().catch(undefined),
  }),
  z.object({ type: z.literal('resource'), resource: bodySchema }),
])

function describeBlock(raw: unknown): string {
  const block = blockSchema.safeParse(raw).data
  switch (block?.type) {
    case 'text':
      return block.text
    case 'image':
    case 'audio':
      return `[${block.type}: ${block.mimeType}, ${countBytes(block.data)} bytes]`
    case 'resource_link': {
      const { name, uri, size } = block
      return `[link to resource ${name}: ${uri}, ${block.mimeType}${size === undefined ? '' : `, ${size} bytes`}]`
    }
    case 'resource': {
      const { uri, text, blob = '' } = block.resource
      if (text !== undefined) return `[resource ${uri}, ${block.resource.mimeType}]\n${text}`
      return `[resource ${uri}: ${block.resource.mimeType}, ${countBytes(blob)} bytes]`
    }
    case undefined:
      return typeof raw === 'string' ? raw : `[unknown content: ${JSON.stringify(raw)}]`
  }
}

/** Bytes that base64 stands for, without a look at each. */
const countBytes = (base64: string): number => Buffer.byteLength(base64, 'base64')

function isSameJson(text: string, json: string): boolean {
  if (Math.max(text.length, json.length) > comparedLength || !/^\s*[{["\d-]/.test(text)) return false
  try {
    return JSON.stringify(parseExactJson(text)) === json
  } catch {
    return false
  }
}
