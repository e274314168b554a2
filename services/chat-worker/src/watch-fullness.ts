import type { JetStreamManager } from '@omni2/bus'
import { streams } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import { setTimeout as sleep } from 'node:timers/promises'

/** Part of FLOW_EVENTS above which no turn is taken: its events might find no room. */
const fullPart = 0.8
const intervalMs = 10_000

/** Watches how full FLOW_EVENTS is. `hasRoom` is told until stopping; errors leave it as it is. */
export async function watchFullness(
  manager: JetStreamManager,
  { log, stopping, onRoom }: { log: Logger; stopping: AbortSignal; onRoom: (hasRoom: boolean) => void },
): Promise<void> {
  let hadRoom = true
  while (!stopping.aborted) {
    const info = await manager.streams.info('FLOW_EVENTS').catch(() => undefined)
    const hasRoom: boolean = info ? info.state.bytes < streams.FLOW_EVENTS.max_bytes * fullPart : hadRoom
    if (hasRoom !== hadRoom)
      log.warn({ has_room: hasRoom }, 'flow events nearly full changed: turns wait while it is')
    hadRoom = hasRoom
    onRoom(hasRoom)
    await sleep(intervalMs, undefined, { signal: stopping }).catch(() => {})
  }
}
