import { BlockList, isIP } from 'node:net'
import { listOfWords } from './config.ts'

/** Schema of a comma-separated list of address ranges in a variable. */
export const listOfRanges = listOfWords.refine(
  (words) => words.every(isAddressRange),
  'must be ranges such as 10.0.0.0/8 or fd00::/8',
)

/** Whether a word is a range of addresses in CIDR notation; a bare address is a range of one. */
export function isAddressRange(word: string): boolean {
  const { address, prefix, family } = splitRange(word)
  return (
    family !== undefined && /^\d{1,3}$/.test(prefix) && Number(prefix) <= widthOf[family] && address !== ''
  )
}

/** Makes the test whether a peer's address lies in one of the ranges, which must be valid. */
export function makePeerCheck(ranges: readonly string[]): (address: string | undefined) => boolean {
  const trusted = new BlockList()
  for (const range of ranges) {
    const { address, prefix, family } = splitRange(range)
    trusted.addSubnet(address, Number(prefix), family)
  }
  return (peer) => {
    // A dual-stack socket writes IPv4 peers as ::ffff:10.0.0.1.
    const address = (peer ?? '').replace(/^::ffff:(?=\d+\.)/, '')
    const family = familyOf(address)
    return family !== undefined && trusted.check(address, family)
  }
}

const widthOf = { ipv4: 32, ipv6: 128 } as const

function splitRange(range: string) {
  const [address = '', given, ...rest] = range.split('/')
  const family = rest.length === 0 ? familyOf(address) : undefined
  return { address, family, prefix: given ?? String(family ? widthOf[family] : '') }
}

function familyOf(address: string): keyof typeof widthOf | undefined {
  const version = isIP(address)
  return version === 0 ? undefined : version === 4 ? 'ipv4' : 'ipv6'
}
