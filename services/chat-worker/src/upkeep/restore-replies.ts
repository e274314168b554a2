import type { Bus } from '@omni2/bus'
import { publishTerminalFrame } from '../outcome/publish-outcome.ts'
import type { LiveTurns } from '../attempt/live-turns.ts'
import type { RecentOutcomes } from '../outcome/recent-outcomes.ts'

/**
 * Runs after NATS was away, because messages published meanwhile are lost: every live turn sends its reply so far
 * again, and ended turns send their end again. A half-open connection delivered no heartbeats long before its loss was
 * noticed, so live turns read their rows first.
 */
export function restoreReplies(
  awayMs: number,
  {
    bus,
    liveTurns,
    recentOutcomes,
  }: { bus: Pick<Bus, 'publish'>; liveTurns: Pick<LiveTurns, 'attempts'>; recentOutcomes: RecentOutcomes },
): void {
  for (const attempt of liveTurns.attempts()) {
    attempt.ownership.doubt()
    attempt.reply.sendSnapshot()
  }
  for (const turn of recentOutcomes.since(awayMs)) publishTerminalFrame(turn, bus)
}
