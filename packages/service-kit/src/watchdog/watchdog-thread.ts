import { setTimeout as sleep } from 'node:timers/promises'
import { workerData } from 'node:worker_threads'
import type { Logger } from '../logger.ts'
import { withDeadline } from '../with-deadline.ts'
import { WatchdogState } from './watchdog-state.ts'

export interface WatchdogOrders {
  memory: SharedArrayBuffer
  service: { name: string; instance: string; level: string }
  stallMs: number
  report: { module: string; data: unknown } | undefined
}

/** What a report module exports; `note` is empty where nothing was noted. */
export type ReportStall = (data: unknown, note: string) => Promise<void>

/** How long a report may delay the kill, in milliseconds. */
const reportTimeoutMs = 3000

const { memory, service, stallMs, report } = workerData as WatchdogOrders
const state = new WatchdogState(memory)
await watch()
await end()

/** Resolves when the beat stood still for `stallMs` of this thread's own ticks: a stopped process has none. */
async function watch(): Promise<void> {
  const tickMs = Math.min(500, stallMs / 4)
  let { beat } = state
  for (let silentMs = 0; silentMs < stallMs; silentMs += tickMs) {
    await sleep(tickMs)
    if (state.beat === beat) continue
    ;({ beat } = state)
    silentMs = -tickMs
  }
}

/** Logs, reports and kills; what only this needs is loaded only now. */
async function end(): Promise<void> {
  const { note } = state
  const { openLogger } = await import('../logger.ts')
  const log = openLogger(service)
  log.fatal({ stalled_ms: stallMs, note }, 'event loop stands still, process ends')
  if (report) await withDeadline(sendReport(report, note, log), { ms: reportTimeoutMs, late: () => {} })
  process.kill(process.pid, 'SIGKILL')
}

async function sendReport(
  { module, data }: { module: string; data: unknown },
  note: string,
  log: Pick<Logger, 'error'>,
): Promise<void> {
  try {
    const { reportStall: run } = (await import(module)) as { reportStall: ReportStall }
    await run(data, note)
  } catch (err) {
    log.error({ err }, 'stall not reported')
  }
}
