import type { Database } from '@omni2/db'
import { retry, type Logger, type Readiness } from '@omni2/service-kit'
import type { RecorderConfig } from '../config.ts'
import { describeRefusal } from './describe-refusal.ts'
import type { FlowBatch } from './group-flows.ts'
import type { RecorderMetrics } from '../metrics.ts'
import { writeBatch } from './write-batch.ts'

export interface WriteDeps {
  readonly database: Pick<Database, 'db'>
  readonly config: Pick<RecorderConfig, 'RECORDER_RETRY_MAX_MS'>
  readonly readiness: Pick<Readiness, 'meet' | 'miss'>
  readonly stopping: AbortSignal
  readonly metrics: Pick<RecorderMetrics, 'writeFailures'>
  readonly log: Logger
}

const firstPauseMs = 100

/**
 * Writes a batch, trying again with growing pauses while the database is away or cannot do it for reasons that are not
 * the batch's, such as a column that is missing; not ready meanwhile. Answers how many events were new, undefined when
 * stopping came first. Throws what describeRefusal describes.
 */
export async function writeUntilCommitted(batch: FlowBatch, deps: WriteDeps): Promise<number | undefined> {
  const { config, readiness, stopping } = deps
  const pauseMs = (tried: number) => Math.min(firstPauseMs * 2 ** (tried - 1), config.RECORDER_RETRY_MAX_MS)
  try {
    const newEvents = await retry(() => writeBatch(batch, deps), {
      pauseMs,
      mayPass: isNoRefusal,
      onFailure: (error, tried) => reportFailure(error, pauseMs(tried), deps),
      signal: stopping,
    })
    readiness.meet('database')
    return newEvents
  } catch (error) {
    if (isNoRefusal(error)) return undefined
    throw error
  }
}

const isNoRefusal = (error: unknown): boolean => describeRefusal(error) === undefined

function reportFailure(error: unknown, pauseMs: number, deps: WriteDeps): void {
  const { readiness, metrics, log } = deps
  metrics.writeFailures.add(1)
  readiness.miss('database', 'does not take the batch')
  // Not the whole error: Postgres quotes values in its details.
  const reason = error instanceof Error ? error.message : String(error)
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  log.warn({ reason, code, pause_ms: pauseMs }, 'batch not written')
}
