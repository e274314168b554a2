import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** A range of IP addresses: its first address and the number of leading bits that all of them share. */
export type AddressRange = [ipaddr.IPv4 | ipaddr.IPv6, number]

/** Parses CIDR notation (`10.0.0.0/8`, `fd00::/8`), or one address as a range of one; undefined when it is neither. */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [address = '', bits, ...rest] = text.split('/')
  // Node's own test is strict; ipaddr.js also reads `10.1` and `0x7f.1`.
  const family = isIP(address)
  if (family === 0 || rest.length > 0) return undefined
  const width = family === 4 ? 32 : 128
  const prefix = bits ?? String(width)
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > width) return undefined
  return [ipaddr.parse(address), Number(prefix)]
}

/** Whether an address lies in one of the ranges; an IPv4 address written as IPv6 (`::ffff:10.0.0.1`) counts as itself. */
export function isInRanges(address: string | undefined, ranges: readonly AddressRange[]): boolean {
  if (address === undefined || isIP(address) === 0) return false
  const parsed = ipaddr.process(address)
  return ranges.some((range) => parsed.kind() === range[0].kind() && parsed.match(range))
}
