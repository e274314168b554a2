import { z } from 'zod'

/** What a tool answered; each block is read alone, for one that is unknown is no reason to lose the others. */
export interface ToolResult {
  content: readonly unknown[]
  structuredContent?: unknown
  isError: boolean
}

const resultSchema = z.object({
  content: z.array(z.unknown()).catch((odd) => (odd.value == null ? [] : [odd.value])),
  structuredContent: z.unknown().optional(),
  isError: z.unknown().optional(),
})

/** Reads a result as far as it can be read; what is no result at all is shown as it came. */
export function readResult(raw: unknown): ToolResult {
  const { isError, ...result } = resultSchema.safeParse(raw).data ?? { content: [raw] }
  return { ...result, isError: isError === true || isError === 'true' }
}
