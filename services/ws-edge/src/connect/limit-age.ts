import { addAbortListener } from 'node:events'
import type { EdgeConfig } from '../config.ts'
import type { Connection } from '../connection/connection.ts'

interface AgeDeps {
  readonly config: Pick<EdgeConfig, 'EDGE_MAX_AGE_MS'>
  readonly random: () => number
}

/** Longest time that a Node timer can wait, in milliseconds. */
const longestTimerMs = 2 ** 31 - 1

/**
 * Ends a connection between turns when its login has expired, or when it is old enough to rehearse a reconnect, which
 * every restart of an edge relies on. A login that outlasts the longest timer is outlived by no connection.
 */
export function limitAge(connection: Connection, { config, random }: AgeDeps): void {
  const loginMs = connection.identity.session_exp * 1000 - Date.now()
  const ageMs = config.EDGE_MAX_AGE_MS * (1 + random() / 10)
  const isLoginFirst = loginMs <= Math.min(ageMs, longestTimerMs)
  // Whole seconds, so that the timers of many connections share few lists.
  const ms = isLoginFirst ? loginMs : Math.ceil(ageMs / 1000) * 1000
  const timer = setTimeout(() => connection.leave(isLoginFirst ? 4401 : 1012), ms)
  addAbortListener(connection.ended, () => clearTimeout(timer))
}
