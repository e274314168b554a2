import { isUnavailable } from '@omni2/db'
import { RetryableError } from '@omni2/service-kit'
import { AccessRefused } from '../access-refused.ts'
import type { AuthMetrics, operations, results } from '../metrics.ts'
import { OriginRefused } from '../origin-refused.ts'
import { InvalidBody } from './parse-body.ts'
import { TooManyLogins } from '../login/too-many-logins.ts'

export interface CountDeps {
  readonly metrics: Pick<AuthMetrics, 'requests' | 'requestSeconds'>
}

/** Does what an operation does and counts how it ended and how long it took. */
export async function countOperation<T>(
  operation: (typeof operations)[number],
  work: () => Promise<T>,
  { metrics }: CountDeps,
): Promise<T> {
  const begunAt = performance.now()
  let result: (typeof results)[number] = 'ok'
  try {
    return await work()
  } catch (error) {
    result = nameResult(error)
    throw error
  } finally {
    metrics.requests.add(1, { operation, result })
    metrics.requestSeconds.observe((performance.now() - begunAt) / 1000, { operation })
  }
}

function nameResult(error: unknown): (typeof results)[number] {
  if (error instanceof AccessRefused || error instanceof OriginRefused) return error.code
  if (error instanceof TooManyLogins) return `throttled_${error.scope}`
  if (error instanceof InvalidBody) return 'invalid_body'
  return error instanceof RetryableError || isUnavailable(error) ? 'unavailable' : 'failed'
}
