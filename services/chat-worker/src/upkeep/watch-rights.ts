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

/** A turn that was checked just before a change may begin just after its notice; in milliseconds. */
const secondLookMs = 300

/**
 * Stops running turns whose users lose the right to chat, until disposed. It checks after each notice of a change. A
 * notice can be lost without an error, so it also checks after each reconnect of the bus and at regular intervals. The
 * notice itself decides nothing.
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

/** At most one check of all users runs at a time. A check of one user is short and always runs. */
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
