import type { IncomingHttpHeaders } from 'node:http'
import type { AddressRange } from '@omni2/net'
import { readEntry, type Entry } from './read-entry.ts'

/** A request that says who it is from, and where it came in. */
export interface ProvingRequest {
  readonly authorization: string | undefined
  readonly cookies: string | undefined
  readonly origin: string | undefined
  /** `Sec-Fetch-Site`. */
  readonly fetchSite: string | undefined
  /** Every `ticket` of the query. */
  readonly tickets: readonly string[]
  readonly method: string
  /** Without the query: what follows `?` may be secret and changes nothing about what is asked for. */
  readonly path: string
  readonly entry: Entry
}

interface ReceivedRequest {
  readonly headers: IncomingHttpHeaders
  readonly method: string
  readonly url: string
  /** Address of the peer. */
  readonly ip: string
}

interface Deps {
  readonly trustedProxies: readonly AddressRange[]
}

/** Reads the request that a gateway asks about, or the asking one itself where the gateway does not say. */
export function readForwardedRequest(own: ReceivedRequest, deps: Deps): ProvingRequest {
  const { headers, ip } = own
  const method = readSingle(headers['x-forwarded-method']) ?? own.method
  const url = readSingle(headers['x-forwarded-uri']) ?? own.url
  return readOwnRequest({ headers, method, url, ip }, deps)
}

/** Reads a request that is meant for this service itself. */
export function readOwnRequest({ headers, method, url, ip }: ReceivedRequest, deps: Deps): ProvingRequest {
  const [target = ''] = url.split('#')
  const [path = '', ...query] = target.split('?')
  return {
    authorization: headers.authorization,
    cookies: headers.cookie,
    origin: headers.origin,
    fetchSite: readSingle(headers['sec-fetch-site']),
    tickets: new URLSearchParams(query.join('?')).getAll('ticket'),
    method,
    path,
    entry: readEntry({ headers, ip }, deps),
  }
}

function readSingle(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header.join(', ') : header
  return value === '' ? undefined : value
}
