import type { OriginRules } from '@omni2/service-kit'
import { OriginRefused } from '../origin-refused.ts'
import type { Entry } from './read-entry.ts'

interface CookieRequest {
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`: who the browser says caused the request; pages cannot set it. */
  readonly fetchSite: string | undefined
  readonly method: string
  readonly path: string
  readonly entry: Pick<Entry, 'host' | 'isSecure'>
}

/** Caused by a page of this very origin, or by the user's hand on the address bar: no other page can send these. */
const ownFetchSites = new Set(['same-origin', 'none'])

/**
 * Lets a cookie prove something only where the user's own page sends it; throws OriginRefused. A browser names the
 * Origin of every request that changes something and of every socket: the rules must allow it. A read
 * from the same origin has none (an EventSource that resumes): there the browser's `Sec-Fetch-Site` decides. A client
 * that sends neither is no browser and has no need of a cookie.
 */
export function checkOrigin(request: CookieRequest, { origins }: { origins: OriginRules }): void {
  if (request.origin !== undefined) {
    if (!origins.allows(request.origin, request.entry)) throw new OriginRefused('foreign_origin')
  } else if (!isOwnRead(request)) throw new OriginRefused('origin_missing')
}

const isOwnRead = ({ method, path, fetchSite }: CookieRequest): boolean =>
  (method === 'GET' || method === 'HEAD') && !isSocket(path) && ownFetchSites.has(fetchSite ?? '')

/** By its path: gateways keep an upgrade's own headers to themselves when they ask. */
const isSocket = (path: string): boolean => path === '/ws' || path.startsWith('/ws/')
