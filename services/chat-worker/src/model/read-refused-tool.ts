import type { APIError } from '@anthropic-ai/sdk'
import { stripControls } from '../tools/strip-controls.ts'

/** A tool for which the API refuses a whole request. */
export interface RefusedTool {
  /** Among the tools of the request. */
  index: number
  why: string
}

/** Characters of the API text that are kept. */
const whyLength = 300

/** Only the text of the API names the tool: `tools.14.custom.input_schema: JSON schema is invalid…`. */
export function readRefusedTool({
  status,
  apiMessage,
}: Pick<APIError, 'status' | 'apiMessage'>): RefusedTool | undefined {
  const [, index, why = ''] = /(?<![\w.])tools\.(\d+)(?!\d)\W?(.*)/s.exec(apiMessage ?? '') ?? []
  if (status !== 400 || index === undefined) return undefined
  return { index: Number(index), why: stripControls(why).trim().slice(0, whyLength) }
}
