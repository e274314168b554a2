import { once } from 'node:events'
import type { Server } from 'node:http'
import { setImmediate as nextRound } from 'node:timers/promises'

/** Rounds of the event loop in which new connections are still taken in; more come only under a flood. */
const mostRounds = 1000

/**
 * Lets nobody else connect, without losing those who have: what waits in the kernel's queue would be reset with it, so it
 * is taken in first. Resolves when no connection is left.
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
