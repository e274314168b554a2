import type { Log } from '@omni2/local-servers'

const slowMs = 2000

/** Awaits the work and logs what is being done once it takes longer than two seconds. */
export async function announceSlow<T>(label: string, work: Promise<T>, { log }: { log: Log }): Promise<T> {
  const startedAt = performance.now()
  const timer = setTimeout(() => log(`${label} …`), slowMs)
  try {
    return await work
  } finally {
    clearTimeout(timer)
    const tookMs = performance.now() - startedAt
    if (tookMs > slowMs) log(`${label}: ${(tookMs / 1000).toFixed(1)} s`)
  }
}
