import type { IncomingHttpHeaders } from 'node:http'
import { isInRanges, listForwarded, plainAddress, readClientAddress, type AddressRange } from '@omni2/net'

/** Where a request entered the deployment, as far as trusted proxies say. */
export interface Entry {
  /** The client's address. */
  readonly address: string
  readonly isSecure: boolean
  /** Host and port that the client asked for. */
  readonly host: string
}

/** Reads `X-Forwarded-For`, `-Proto` and `-Host`, but only from a trusted peer. */
export function readEntry(
  { headers, ip }: { headers: IncomingHttpHeaders; ip: string },
  { trustedProxies }: { trustedProxies: readonly AddressRange[] },
): Entry {
  const ownHost = headers.host ?? ''
  if (!isInRanges(ip, trustedProxies)) return { address: plainAddress(ip), isSecure: false, host: ownHost }
  const forwardedFor = headers['x-forwarded-for']
  const address = readClientAddress({ peer: ip, forwardedFor }, trustedProxies) ?? ip
  const scheme = listForwarded(headers['x-forwarded-proto']).at(-1)
  const host = listForwarded(headers['x-forwarded-host']).at(-1) ?? ownHost
  return { address, isSecure: scheme === 'https' || scheme === 'wss', host }
}
