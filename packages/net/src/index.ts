export { isInRanges, parseAddressRange, type AddressRange } from './address-range.ts'
export { networkOf } from './network-of.ts'
export { plainAddress } from './plain-address.ts'
export { listForwarded, readClientAddress } from './read-client-address.ts'
