import type { APIError } from '@anthropic-ai/sdk'
import { stripControls } from '../tools/strip-controls.ts'

/** A tool that the API refuses a whole request for. */
export interface RefusedTool {
  /** Among the tools of the request. */
  index: number
  why: string
}

/** Characters of the API's words that are kept. */
const whyLength = 300

/** Only the API's words say which tool it is: `tools.14.custom.input_schema: JSON schema is invalid…`. */
export function readRefusedTool({
  status,
  apiMessage,
}: Pick<APIError, 'status' | 'apiMessage'>): RefusedTool | undefined {
  const [, index, why = ''] = /(?<![\w.])tools\.(\d+)(?!\d)\W?(.*)/s.exec(apiMessage ?? '') ?? []
  if (status !== 400 || index === undefined) return undefined
  return { index: Number(index), why: stripControls(why).trim().slice(0, whyLength) }
}
