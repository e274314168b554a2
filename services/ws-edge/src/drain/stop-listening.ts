import { once } from 'node:events'
import type { Server } from 'node:http'
import { setImmediate as nextRound } from 'node:timers/promises'

/** Rounds of the event loop in which new connections are still taken in; more come only under a flood. */
const mostRounds = 1000

/**
 * Refuses new connections without losing those that exist. Closing the listener would reset the connections in the
 * kernel's queue, so it accepts these first. Resolves when no connection is left.
 */
export async function stopListening(http: Server): Promise<void> {
  const closed = once(http, 'close')
  let arrived = true
  http.on('connection', () => (arrived = true))
  for (let round = 0; arrived && round < mostRounds; round += 1) {
    arrived = false
    // One round accepts one connection; the second is for a round that has begun already.
    await nextRound()
    await nextRound()
  }
  http.close()
  await closed
}
