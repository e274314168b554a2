import type { CountRequest } from '../request/request-shape.ts'

type Ttl = '5m' | '1h'

/** A part of the prompt in the order the model reads it: tools, system, messages. */
export interface PromptBlock {
  readonly text: string
  /** Set where a cache breakpoint stands behind the block. */
  readonly ttl: Ttl | undefined
}

const charactersPerToken = 4

export function listPromptBlocks(request: CountRequest): PromptBlock[] {
  const blocks = [
    ...(request.tools ?? []).map((tool) => toBlock('tool', tool)),
    ...(request.system ?? []).map((block) => toBlock('system', block)),
    ...request.messages.flatMap(({ role, content }) => content.map((block) => toBlock(role, block))),
  ]
  return request.cache_control ? markLast(blocks, readTtl(request.cache_control)) : blocks
}

/** The estimate all token counts of a prompt come from. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / charactersPerToken)
}

export function countPromptTokens(request: CountRequest): number {
  return estimateTokens(listPromptBlocks(request).reduce((sum, block) => sum + block.text.length, 0))
}

function toBlock(role: string, block: object & Pick<CountRequest, 'cache_control'>): PromptBlock {
  const { cache_control: control, ...content } = block
  return { text: `${role} ${JSON.stringify(content)}`, ttl: control ? readTtl(control) : undefined }
}

/** A request's own `cache_control` is a breakpoint behind its last block. */
function markLast(blocks: PromptBlock[], ttl: Ttl): PromptBlock[] {
  return blocks.map((block, index) => (index === blocks.length - 1 ? { ...block, ttl } : block))
}

function readTtl(control: { ttl?: Ttl | undefined }): Ttl {
  return control.ttl ?? '5m'
}
