import type { IncomingHttpHeaders } from 'node:http'
import { plainAddress, type TrustedProxies } from './trusted-proxies.ts'

/** Where a request entered the deployment, as far as trusted proxies say. */
export interface Entry {
  /** The client's address. */
  readonly address: string
  readonly isSecure: boolean
  /** Host and port that the client asked for. */
  readonly host: string
}

/**
 * Reads `X-Forwarded-For`, `-Proto` and `-Host`, but only from a trusted peer. Each proxy appends whom it heard from, so
 * the list is read from its end, past the proxies that are trusted themselves: what a client wrote at its beginning
 * counts for nothing.
 */
export function readEntry(
  { headers, ip }: { headers: IncomingHttpHeaders; ip: string },
  { trustedProxies }: { trustedProxies: TrustedProxies },
): Entry {
  const ownHost = headers.host ?? ''
  if (!trustedProxies.includes(ip)) return { address: plainAddress(ip), isSecure: false, host: ownHost }
  const hops = listOf(headers['x-forwarded-for'])
  const address = hops.findLast((hop) => !trustedProxies.includes(hop)) ?? hops[0] ?? ip
  const scheme = listOf(headers['x-forwarded-proto']).at(-1)
  const host = listOf(headers['x-forwarded-host']).at(-1) ?? ownHost
  return { address: plainAddress(address), isSecure: scheme === 'https' || scheme === 'wss', host }
}

const listOf = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
