import type { CallToolResult, ContentBlock } from '@modelcontextprotocol/client'

/** What a tool answered, as text: anything that is not text is named with its type and size. */
export function describeResult({ content, structuredContent }: CallToolResult): string {
  const parts = content.map(describeBlock)
  const structured = structuredContent === undefined ? undefined : JSON.stringify(structuredContent)
  // Servers say structured content again as text, for older clients.
  const isRepeated = parts.some((part) => structured !== undefined && isSameJson(part, structured))
  return [...parts, ...(structured === undefined || isRepeated ? [] : [structured])].join('\n')
}

function describeBlock(block: ContentBlock): string {
  switch (block.type) {
    case 'text':
      return block.text
    case 'image':
    case 'audio':
      return `[${block.type}: ${block.mimeType}, ${countBytes(block.data)} bytes]`
    case 'resource_link': {
      const { name, uri, mimeType = 'unknown type', size } = block
      return `[link to resource ${name}: ${uri}, ${mimeType}${size === undefined ? '' : `, ${size} bytes`}]`
    }
    case 'resource': {
      const { uri, mimeType = 'unknown type' } = block.resource
      if ('text' in block.resource) return `[resource ${uri}, ${mimeType}]\n${block.resource.text}`
      return `[resource ${uri}: ${mimeType}, ${countBytes(block.resource.blob)} bytes]`
    }
  }
}

const countBytes = (base64: string): number => Buffer.byteLength(base64, 'base64')

function isSameJson(text: string, json: string): boolean {
  try {
    return JSON.stringify(JSON.parse(text)) === json
  } catch {
    return false
  }
}
