import { isInRanges, type AddressRange } from './address-range.ts'
import { plainAddress } from './plain-address.ts'

interface ReceivedFrom {
  /** Address at the other end of the connection. */
  readonly peer: string | undefined
  /** The header `X-Forwarded-For`. */
  readonly forwardedFor: string | readonly string[] | undefined
}

/** Longer than any address; an untrusted client may write anything there. */
const maxLength = 64

/**
 * Where a request comes from. `X-Forwarded-For` is believed from a trusted peer alone. Each proxy appends whom it heard
 * from, so the list is read from its end, past the proxies that are trusted themselves: what a client wrote at its
 * beginning counts for nothing. Undefined where the connection has gone.
 */
export function readClientAddress(
  { peer, forwardedFor }: ReceivedFrom,
  trusted: readonly AddressRange[],
): string | undefined {
  if (peer === undefined) return undefined
  if (!isInRanges(peer, trusted)) return plainAddress(peer)
  const hops = listForwarded(forwardedFor)
  const address = hops.findLast((hop) => !isInRanges(hop, trusted)) ?? hops[0] ?? peer
  return plainAddress(address).slice(0, maxLength)
}

/** The values of a header that each proxy appends to, in the order in which they were written. */
export const listForwarded = (header: string | readonly string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
