import type { TurnMessage } from '@omni2/contracts'
import type { Rates } from '@omni2/rates'

export interface RequestRate {
  /** Requests of this minute before this one. */
  used: number
  resetAt: Date
}

export interface RequestCounter {
  /** Counts a turn in the current minute of its user. A turn that is delivered again keeps its place. */
  count(turn: CountedTurn, redelivered: boolean): Promise<RequestRate>
}

type CountedTurn = Pick<TurnMessage, 'session_id' | 'identity'>

/**
 * How long a turn keeps its place, in seconds: longer than a delivery and its repetitions take, except in long outages.
 */
const placeSeconds = 3600
const windowSeconds = 60

/** Opens the count of turns a minute. If a worker dies before its claim, the turn is still counted exactly once. */
export function openRequestCounter(rates: Pick<Rates, 'openCounter'>): RequestCounter {
  const requests = rates.openCounter({ name: 'chat:requests', windowSeconds })
  const places = rates.openCounter({ name: 'chat:request', windowSeconds: placeSeconds })
  return {
    async count({ session_id, identity }, redelivered) {
      const user = String(identity.user_id)
      const place = redelivered ? await places.find(session_id) : undefined
      if (place) return { used: place.used - 1, resetAt: fromNow(windowSeconds * 1000) }
      const { used, resetMs } = await requests.add(user)
      await places.set(session_id, used, placeSeconds)
      return { used: used - 1, resetAt: fromNow(resetMs) }
    },
  }
}

const fromNow = (ms: number): Date => new Date(Date.now() + ms)
