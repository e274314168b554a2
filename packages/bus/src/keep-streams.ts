import type { Logger } from '@omni2/service-kit'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus } from './bus.ts'

interface KeepOptions {
  /** Makes what is missing, or only looks; throws where something is not as needed. */
  check: () => Promise<void>
  bus: Pick<Bus, 'listen'>
  readiness: { meet(condition: string): void; miss(condition: string, reason: string): void }
  stopping: AbortSignal
  log: Logger
}

/** Pause between two looks while all is well, and the shortest between any two, in milliseconds. */
const everyMs = 10_000
const againMs = 500

/**
 * Checks streams until stopping: again and again, soon after a durable publish failed or the connection came back, and
 * without rest while they are not as needed. The condition `streams` follows it. Never throws.
 */
export async function keepStreams({ check, bus, readiness, stopping, log }: KeepOptions): Promise<void> {
  let wake = Promise.withResolvers<void>()
  bus.listen({ onPublishFailed: () => wake.resolve(), onRestored: () => wake.resolve() })
  while (!stopping.aborted) {
    wake = Promise.withResolvers()
    const failure = await check().then(
      () => undefined,
      (error: unknown) => error,
    )
    if (failure === undefined) readiness.meet('streams')
    else if (!stopping.aborted) {
      log.warn({ err: failure }, 'streams are not as needed')
      readiness.miss('streams', failure instanceof Error ? failure.message : String(failure))
    }
    await pause(againMs, stopping)
    if (failure === undefined) await Promise.race([pause(everyMs - againMs, stopping), wake.promise])
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal, ref: false }).catch(() => {})
