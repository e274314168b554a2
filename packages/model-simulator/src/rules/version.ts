import type { Block } from '../request/block-shape.ts'
import type { ApiVersion } from '../request/check-headers.ts'
import type { RuledRequest } from './rule.ts'

const sampling = ['temperature', 'top_p', 'top_k'] as const

/** What the API takes no more since its version 2026-10-21. */
export function* versionRules(request: RuledRequest, version: ApiVersion): Iterable<string> {
  if (version < '2026-10-21') return
  for (const name of sampling)
    if (request[name] !== undefined) yield `${name}: Extra inputs are not permitted`
  for (const [index, { role, content }] of request.messages.entries()) {
    if (role === 'assistant' && content.some(({ type }) => type === 'document'))
      yield `messages.${index}: \`document\` blocks cannot be in \`assistant\` messages`
    if (role === 'user' && content.some(hasCitations))
      yield `messages.${index}: text with citations cannot be in \`user\` messages`
  }
}

function hasCitations(block: Block): boolean {
  if (block.type === 'search_result') return block.content.some(hasCitations)
  return block.type === 'text' && Array.isArray(block.citations) && block.citations.length > 0
}
