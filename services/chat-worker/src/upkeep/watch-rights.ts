import type { Bus } from '@omni2/bus'
import { controlMessageSchema, subjects, type ControlMessage } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import type { Config } from '../config.ts'
import { recheckTurns, type RecheckDeps } from './recheck-turns.ts'

interface WatchDeps extends RecheckDeps {
  readonly bus: Pick<Bus, 'hear' | 'listen'>
  readonly config: Pick<Config, 'RECHECK_INTERVAL_MS'>
  readonly log: Logger
}

/** Changes that can end a running turn. Permissions and limits are read again for each tool call and each round. */
const endingChanges: ReadonlySet<ControlMessage['change']> = new Set(['blocked', 'deactivated', 'logged_out'])

/** A turn that was checked just before the change may begin just after it was told; in milliseconds. */
const secondLookMs = 300

/**
 * Stops running turns whose users lose the right to chat, until disposed: looks when it is told of a change, and because
 * that can be lost in silence, after each reconnect of the bus and in regular pauses. What it is told decides nothing.
 */
export function watchRights(deps: WatchDeps): Disposable {
  const recheck = makeRecheck(deps)
  const subscription = deps.bus.hear(subjects.controlOfUsers, controlMessageSchema, (control) => {
    if (!endingChanges.has(control.change)) return
    recheck(control.user_id)
    setTimeout(() => recheck(control.user_id), secondLookMs).unref()
  })
  deps.bus.listen({ onRestored: () => recheck() })
  const timer = setInterval(() => recheck(), deps.config.RECHECK_INTERVAL_MS)
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer)
      subscription.unsubscribe()
    },
  }
}

/** One look at everybody at a time; a look at one user is short and is always taken. */
function makeRecheck(deps: WatchDeps): (userId?: number) => void {
  let isLooking = false
  return (userId) => {
    if (userId === undefined && isLooking) return
    if (userId === undefined) isLooking = true
    void recheckTurns(userId, deps)
      .catch((err: unknown) => deps.log.warn({ err }, 'running turns not rechecked'))
      .finally(() => {
        if (userId === undefined) isLooking = false
      })
  }
}
