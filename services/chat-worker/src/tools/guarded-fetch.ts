import { isIP, type LookupFunction } from 'node:net'
import type { FetchLike } from '@modelcontextprotocol/client'
import { Agent, buildConnector, fetch as fetchThrough, type RequestInit as ThroughInit } from 'undici'
import type { AddressRange } from '@omni2/net'
import { AddressRefusedError, guardLookup, isAddressPermitted } from './address-guard.ts'
import { capResponse } from './cap-response.ts'

interface GuardOptions {
  /** Ranges that are permitted although they are not public. */
  allowed: readonly AddressRange[]
  connectTimeoutMs: number
  /** Bytes of one response, after which its stream fails. */
  responseMaxBytes: number
  /** In place of the system's name lookup, guarded. */
  lookup?: LookupFunction
}

export interface GuardedFetch extends AsyncDisposable {
  fetch: FetchLike
}

/** A stream that says nothing for so long, in milliseconds, is given up; longer than any call may take. */
const silenceMs = 330_000

/** Opens a fetch that connects to permitted addresses only, whatever a name, a redirect or a second lookup says. */
export function openGuardedFetch(options: GuardOptions): GuardedFetch {
  const dispatcher = new Agent({
    connect: guardConnector(options),
    bodyTimeout: silenceMs,
    headersTimeout: silenceMs,
  })
  const fetch: FetchLike = async (url, init = {}) => {
    const response = await fetchThrough(url, { ...takeInit(init), dispatcher })
    return capResponse(response, options.responseMaxBytes)
  }
  return { fetch, [Symbol.asyncDispose]: () => dispatcher.destroy() }
}

/** Names are checked by the lookup of their connection; a literal address is connected to without one. */
function guardConnector(options: GuardOptions): buildConnector.connector {
  const lookup = options.lookup ?? guardLookup(options.allowed)
  const connect = buildConnector({ lookup, timeout: options.connectTimeoutMs })
  return (target, callback) => {
    const host = target.hostname.replace(/^\[(.*)\]$/, '$1')
    if (isIP(host) === 0 || isAddressPermitted(host, options.allowed)) return connect(target, callback)
    return callback(new AddressRefusedError('address not permitted'), null)
  }
}

/** What the MCP client asks for, in the words of this fetch; it sends text bodies only. */
function takeInit({ method, headers, body, signal, redirect }: RequestInit): ThroughInit {
  return {
    method: method ?? 'GET',
    headers: [...new Headers(headers)],
    body: typeof body === 'string' ? body : null,
    signal: signal ?? null,
    redirect: redirect ?? 'manual',
  }
}
