/** What happens to a turn without viewers; the time is in milliseconds. */
export type LastViewerGone = { action: 'finish' } | { action: 'cancel'; afterMs: number }

const units = { ms: 1, s: 1000, m: 60_000 } as const

/** Reads `finish` or `cancel-after:<time>`, such as 500ms, 30s or 5m, up to a day; undefined for anything else. */
export function parseLastViewerGone(text: string): LastViewerGone | undefined {
  if (text === 'finish') return { action: 'finish' }
  const [, count, unit] = /^cancel-after:(\d{1,6})(ms|s|m)$/.exec(text) ?? []
  if (unit !== 'ms' && unit !== 's' && unit !== 'm') return undefined
  const afterMs = Number(count) * units[unit]
  return afterMs >= 1 && afterMs <= 86_400_000 ? { action: 'cancel', afterMs } : undefined
}
