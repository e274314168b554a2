import { BlockList, isIP } from 'node:net'

/** Addresses whose `X-Forwarded-*` headers are believed. */
export interface TrustedProxies {
  includes(address: string): boolean
}

/** Reads addresses and ranges (`127.0.0.0/8`, `::1`); throws TypeError for what is neither. */
export function makeTrustedProxies(ranges: readonly string[]): TrustedProxies {
  const list = new BlockList()
  for (const range of ranges) addRange(range, list)
  return { includes: (address) => isListed(address, list) }
}

/** An IPv4 address as dual-stack sockets show it (`::ffff:127.0.0.1`) is that IPv4 address. */
export const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '')

function addRange(range: string, list: BlockList): void {
  const [address = '', prefix] = range.split('/')
  const family = isIP(address)
  const widest = family === 4 ? 32 : 128
  const bits = prefix === undefined ? widest : Number(prefix || 'none')
  if (family === 0 || !Number.isInteger(bits) || bits < 0 || bits > widest)
    throw new TypeError('not an address range')
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6')
}

function isListed(address: string, list: BlockList): boolean {
  const plain = plainAddress(address)
  const family = isIP(plain)
  return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
}
