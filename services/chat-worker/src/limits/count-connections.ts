import type { OpenRequest } from '@omni2/contracts'
import { networkOf } from '@omni2/net'
import type { Rates } from '@omni2/rates'
import type { Config } from '../config.ts'

export interface ConnectionRate {
  /** More new connections than a user or an address may have in a minute. */
  isAboveLimit: boolean
  /** Above the limit also for connections that continue a conversation. */
  isFlood: boolean
  /** Time until a connection is counted in a new minute, in milliseconds. */
  retryAfterMs: number
}

export interface ConnectionCounter {
  /**
   * Counts a connection of its user and its address in their current minutes. Connections above the limit of the user
   * are not counted for the address, so that one user cannot lock out the others there.
   */
  count(request: Pick<OpenRequest, 'identity' | 'address'>): Promise<ConnectionRate>
}

type Limits = Pick<
  Config,
  'CONNECTIONS_PER_USER_PER_MINUTE' | 'CONNECTIONS_PER_ADDRESS_PER_MINUTE' | 'CONNECTIONS_RESUME_FACTOR'
>

const windowSeconds = 60

/** Opens the counts of new connections. If an edge names no address, its connections are counted by user only. */
export function openConnectionCounter(limits: Limits, rates: Pick<Rates, 'openCounter'>): ConnectionCounter {
  const users = rates.openCounter({ name: 'chat:connections:user', windowSeconds })
  const addresses = rates.openCounter({ name: 'chat:connections:address', windowSeconds })
  const countAddress = (network: string, isCounted: boolean) =>
    isCounted ? addresses.add(network) : addresses.find(network)
  return {
    async count({ identity, address }) {
      const ofUser = {
        ...(await users.add(String(identity.user_id))),
        limit: limits.CONNECTIONS_PER_USER_PER_MINUTE,
      }
      const isCounted = ofUser.used <= ofUser.limit
      const ofAddress = address === undefined ? undefined : await countAddress(networkOf(address), isCounted)
      const counts = [
        ofUser,
        ...(ofAddress ? [{ ...ofAddress, limit: limits.CONNECTIONS_PER_ADDRESS_PER_MINUTE }] : []),
      ]
      const over = counts.filter(({ used, limit }) => used > limit)
      return {
        isAboveLimit: over.length > 0,
        isFlood: over.some(({ used, limit }) => used > limit * limits.CONNECTIONS_RESUME_FACTOR),
        retryAfterMs: Math.max(0, ...over.map(({ resetMs }) => resetMs)),
      }
    },
  }
}
