import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { plainAddress } from './plain-address.ts'

/** Bits that an IPv6 customer has at least to choose from. */
const customerBits = 64

/** What counts as one address: the /64 of an IPv6 address, an IPv4 address by itself; what is no address stays. */
export function networkOf(address: string): string {
  if (isIP(address) === 0) return address
  const parsed = ipaddr.process(address)
  if (parsed.kind() === 'ipv4') return plainAddress(address)
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address.replace(/%.*$/, '')}/${customerBits}`).toString()}/${customerBits}`
}
