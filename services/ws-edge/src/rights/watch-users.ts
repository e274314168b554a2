import { controlMessageSchema, subjects } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import { applyControl, type ControlDeps } from './apply-control.ts'
import type { EdgeConfig } from '../config.ts'
import { recheckUsers } from './recheck-users.ts'

interface WatchDeps extends ControlDeps {
  readonly bus: Pick<Bus, 'request' | 'hear' | 'listen'>
  readonly config: ControlDeps['config'] & Pick<EdgeConfig, 'EDGE_RECHECK_INTERVAL_MS'>
}

/**
 * Keeps the rights of connected users current until disposed. It applies the changes that are published. Because one
 * can get lost unseen, it also checks again after each reconnect of the bus and at regular intervals.
 */
export function watchUsers(deps: WatchDeps): Disposable {
  const recheck = makeRecheck(deps)
  const subscription = deps.bus.hear(subjects.controlOfUsers, controlMessageSchema, (control) =>
    applyControl(control, deps),
  )
  deps.bus.listen({ onRestored: recheck })
  const timer = setInterval(recheck, deps.config.EDGE_RECHECK_INTERVAL_MS)
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer)
      subscription.unsubscribe()
    },
  }
}

/** One look at a time: while workers are slow to answer, no second one is added to their load. */
function makeRecheck(deps: WatchDeps): () => void {
  let isLooking = false
  return () => {
    if (isLooking) return
    isLooking = true
    void recheckUsers(deps.connections, deps).finally(() => (isLooking = false))
  }
}
