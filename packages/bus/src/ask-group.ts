import { setTimeout as sleep } from 'node:timers/promises'
import type { RepeatBudget } from './repeat-budget.ts'

/**
 * How long one member of a group has before another one is asked as well, in milliseconds; twice as long each time, up
 * to the longest. A member may be frozen, and the server hands requests to it all the same.
 */
const firstPauseMs = 400
const longestPauseMs = 1600

/**
 * Asks one member of a group, and others too while no answer comes and the budget has room; the first answer counts.
 * Rejects as the first question that fails, at the latest after `timeoutMs`.
 */
export async function askGroup<T>(
  ask: (timeoutMs: number) => Promise<T>,
  { timeoutMs, budget }: { timeoutMs: number; budget: RepeatBudget },
): Promise<T> {
  budget.save()
  const endsAt = performance.now() + timeoutMs
  const answered = new AbortController()
  const asking: Promise<T>[] = []
  try {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      const leftMs = endsAt - performance.now()
      const mayAsk = asking.length === 0 || (leftMs > 1 && budget.spend())
      if (mayAsk) asking.push(ask(Math.ceil(leftMs)))
      const pause = sleep(pauseMs, undefined, { signal: answered.signal, ref: false }).catch(() => {})
      const answer = await Promise.race([...asking, pause])
      if (answer !== undefined) return answer
    }
  } finally {
    answered.abort()
    // Of the questions whose answers nothing waits for.
    for (const other of asking) other.catch(() => {})
  }
}
