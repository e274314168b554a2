import { isIPv6 } from 'node:net'

/** What counts as one address: an IPv6 customer has at least a /64 to choose from; an IPv4 address counts by itself. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(plain)) return plain
  const [left = '', right] = plain.toLowerCase().replace(/%.*$/, '').split('::')
  const head = splitGroups(left)
  const tail = splitGroups(right)
  const gap = right === undefined ? 0 : 8 - head.length - tail.length
  const groups = [...head, ...Array.from({ length: Math.max(gap, 0) }, () => '0'), ...tail]
  const network = groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16))
  return `${network.join(':')}::/64`
}

const splitGroups = (part: string | undefined): string[] =>
  part === undefined || part === '' ? [] : part.split(':')
