import { ApiError } from '../api-error.ts'
import type { RequestLog } from './request-log.ts'

const path = /^\/_log(?:\/([\w-]+))?$/

/** GET /_log and GET /_log/{request}; undefined for any other path. */
export function serveLog(url: URL, log: RequestLog): object | undefined {
  const match = path.exec(url.pathname)
  if (match === null) return undefined
  if (match[1] === undefined) return { requests: log.list(readQuery(url.searchParams)) }
  const detail = log.find(match[1])
  if (detail === undefined) throw new ApiError('not_found_error', `the log has no request ${match[1]}`)
  return detail
}

function readQuery(query: URLSearchParams): { limit?: number; metadataUserId?: string } {
  const limit = query.get('limit')
  const metadataUserId = query.get('metadata_user_id')
  if (limit !== null && !/^\d{1,6}$/.test(limit)) {
    throw new ApiError('invalid_request_error', 'limit: needs a whole number')
  }
  return {
    ...(limit !== null && { limit: Number(limit) }),
    ...(metadataUserId !== null && { metadataUserId }),
  }
}
