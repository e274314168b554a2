import type { IncomingHttpHeaders } from 'node:http'
import { ApiError } from '../api-error.ts'

/**
 * Refuses a request without a key (401). Any key is a good one.
 * Both headers count, as with the API: curl sends `x-api-key`, the SDK since 1.0 a bearer token.
 */
export function requireKey(headers: IncomingHttpHeaders): void {
  if (headers['x-api-key'] || /^Bearer \S/i.test(headers.authorization ?? '')) return
  throw new ApiError('authentication_error', 'x-api-key header is required')
}

/** The versions of the API, oldest first. */
const apiVersions = ['2023-01-01', '2023-06-01', '2026-10-21'] as const

export type ApiVersion = (typeof apiVersions)[number]

/** The one that the SDK speaks since 1.0. */
export const newestVersion: ApiVersion = '2026-10-21'

/** The version of the API that a request speaks; a 400 where it says none or one that does not exist. */
export function requireVersion(headers: IncomingHttpHeaders): ApiVersion {
  const given = headers['anthropic-version']
  if (given === undefined)
    throw new ApiError('invalid_request_error', 'anthropic-version: header is required')
  const version = apiVersions.find((known) => known === given)
  if (version) return version
  throw new ApiError('invalid_request_error', `anthropic-version: "${String(given)}" is not a valid version`)
}
