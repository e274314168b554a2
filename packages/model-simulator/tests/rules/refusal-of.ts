import { ApiError } from '../../src/api-error.ts'
import { parseMessagesRequest } from '../../src/parse-request.ts'
import type { ApiVersion } from '../../src/request/check-headers.ts'

/** What the API says of a request that differs so from a good one; undefined where it takes it. */
export function refusalOf(change: object, version: ApiVersion = '2023-06-01'): string | undefined {
  const good = { model: 'claude-sonnet-5-5', max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] }
  try {
    parseMessagesRequest({ ...good, ...change }, version)
    return undefined
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return error.message
    throw error
  }
}
