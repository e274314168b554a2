import type { LookupAddress, LookupOptions } from 'node:dns'
import { lookup as lookupName } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isInRanges, type AddressRange } from '@omni2/net'
import ipaddr from 'ipaddr.js'

/** What a server's name or address led to is not to be connected to. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError'
}

const globalUnicast: AddressRange = [ipaddr.IPv6.parse('2000::'), 3]

/**
 * Whether an IP address may be connected to: a public one (IANA's special-purpose registries name the others), or one in
 * an allowed range. An IPv4 address inside an IPv6 one counts as itself, and not at all where a gateway would translate it.
 */
export function isAddressPermitted(address: string, allowed: readonly AddressRange[]): boolean {
  if (!ipaddr.isValid(address)) return false
  if (isInRanges(address, allowed)) return true
  const parsed = ipaddr.process(address)
  return parsed.range() === 'unicast' && (parsed.kind() === 'ipv4' || isInRanges(address, [globalUnicast]))
}

/**
 * A name lookup for sockets that fails with AddressRefusedError where any of the name's addresses is not permitted. It
 * runs for the very connection that is made, so a name that answers differently the second time gains nothing.
 */
export function guardLookup(
  allowed: readonly AddressRange[],
  lookup: typeof lookupName = lookupName,
): LookupFunction {
  return (hostname, options, callback) => {
    const every: LookupOptions & { all: true } = { ...options, all: true }
    lookup(hostname, every, (error, addresses: LookupAddress[]) => {
      const [first] = addresses ?? []
      if (error || !first) return callback(error ?? new AddressRefusedError('no address'), '', 0)
      const isPermitted = addresses.every(({ address }) => isAddressPermitted(address, allowed))
      if (!isPermitted) return callback(new AddressRefusedError('address not permitted'), '', 0)
      if (options.all) return callback(null, addresses)
      return callback(null, first.address, first.family)
    })
  }
}
