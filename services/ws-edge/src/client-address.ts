import type { IncomingMessage } from 'node:http'

/**
 * Where a request comes from. `X-Forwarded-For` is believed from a trusted peer alone, and read from its end, past the
 * proxies that are trusted themselves: what a client wrote at its beginning counts for nothing.
 */
export function readClientAddress(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  isTrustedProxy: (address: string | undefined) => boolean,
): string | undefined {
  const peer = socket.remoteAddress
  if (!isTrustedProxy(peer)) return peer
  const hops = [headers['x-forwarded-for'] ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
  const outside = hops.findLast((hop) => !isTrustedProxy(hop)) ?? hops[0] ?? peer
  return outside?.slice(0, maxLength)
}

/** Longer than any address: what an untrusted client may have written into its place. */
const maxLength = 64
