import { createRemoteJWKSet, customFetch, errors, type FetchImplementation, type JWTVerifyGetKey } from 'jose'
import { RetryableError } from '@omni2/service-kit'

/** Longest wait for the keys, in milliseconds. */
const timeoutDuration = 3_000
/** After a fetch, tokens with an unknown `kid` cause no other one for this long, in milliseconds. */
const cooldownDuration = 30_000
/** Age at which keys are fetched again before they are used, in milliseconds. */
const cacheMaxAge = 600_000
/** Pause after a failed fetch before the next one, in milliseconds. */
const failurePauseMs = 1_000

/**
 * Finds keys in the set that an issuer publishes. A token whose key is not in it throws jose's error; where the set
 * cannot be had, which says nothing about the token, it throws RetryableError.
 */
export function openRemoteKeys(url: URL): JWTVerifyGetKey {
  const fetchKeys = pauseAfterFailure(fetch)
  const keys = createRemoteJWKSet(url, {
    timeoutDuration,
    cooldownDuration,
    cacheMaxAge,
    [customFetch]: fetchKeys,
  })
  return async (header, token) => {
    try {
      return await keys(header, token)
    } catch (error) {
      if (isAboutToken(error)) throw error
      throw keysAway(url, error)
    }
  }
}

/** Tokens with made-up keys must not become a flood of requests to an issuer in trouble. */
function pauseAfterFailure(fetchNow: FetchImplementation): FetchImplementation {
  let pausedUntil = -Infinity
  return async (url, options) => {
    if (performance.now() < pausedUntil) throw new Error('the last fetch failed a moment ago')
    pausedUntil = performance.now() + failurePauseMs
    const response = await fetchNow(url, options)
    if (response.status === 200) pausedUntil = -Infinity
    return response
  }
}

const isAboutToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported

const keysAway = ({ host }: URL, cause: unknown): RetryableError =>
  new RetryableError('keys_unavailable', `The keys of the token's issuer cannot be had from ${host}.`, {
    retryAfterMs: failurePauseMs,
    cause,
  })
