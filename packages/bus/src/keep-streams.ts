import type { Logger } from '@omni2/service-kit'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus } from './bus.ts'

interface KeepOptions {
  /** Creates what is missing, or only checks; throws where something differs from what is needed. */
  check: () => Promise<void>
  bus: Pick<Bus, 'listen'>
  readiness: { meet(condition: string): void; miss(condition: string, reason: string): void }
  stopping: AbortSignal
  log: Logger
}

/** Pause between two checks while all is well, and the shortest between any two, in milliseconds. */
const everyMs = 10_000
const againMs = 500

/**
 * Checks streams until stopping: again and again, soon after a durable publish failed or the connection came back, and
 * at the shortest pause while they differ from what is needed. The condition `streams` follows it. Never throws.
 */
export async function keepStreams(options: KeepOptions): Promise<void> {
  const { bus, stopping } = options
  let wake = Promise.withResolvers<void>()
  bus.listen({ onPublishFailed: () => wake.resolve(), onRestored: () => wake.resolve() })
  while (!stopping.aborted) {
    wake = Promise.withResolvers()
    const areAsNeeded = await look(options)
    await pause(againMs, stopping)
    if (areAsNeeded) await Promise.race([pause(everyMs - againMs, stopping), wake.promise])
  }
}

async function look({ check, readiness, stopping, log }: KeepOptions): Promise<boolean> {
  try {
    await check()
    readiness.meet('streams')
    return true
  } catch (error) {
    if (stopping.aborted) return false
    log.warn({ err: error }, 'streams are not as needed')
    readiness.miss('streams', error instanceof Error ? error.message : String(error))
    return false
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => {})
