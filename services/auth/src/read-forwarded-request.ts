import type { IncomingHttpHeaders } from 'node:http'

/** The request that a gateway asks about, or the asking one itself where the gateway does not say. */
export interface ForwardedRequest {
  readonly authorization: string | undefined
  readonly method: string
  /** Without the query: what follows `?` may be secret and changes nothing about who it is from. */
  readonly path: string
}

export function readForwardedRequest(own: {
  headers: IncomingHttpHeaders
  method: string
  url: string
}): ForwardedRequest {
  const { authorization } = own.headers
  const method = readSingle(own.headers['x-forwarded-method']) ?? own.method
  const uri = readSingle(own.headers['x-forwarded-uri']) ?? own.url
  return { authorization, method, path: uri.replace(/[?#].*$/s, '') }
}

function readSingle(header: string | string[] | undefined): string | undefined {
  const value = Array.isArray(header) ? header.join(', ') : header
  return value === '' ? undefined : value
}
