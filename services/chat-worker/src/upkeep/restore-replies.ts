import type { Bus } from '@omni2/bus'
import { publishTerminalFrame } from '../outcome/publish-outcome.ts'
import type { LiveTurns } from '../attempt/live-turns.ts'
import type { RecentOutcomes } from '../outcome/recent-outcomes.ts'

/**
 * After NATS was away: what was published meanwhile is lost, so every live turn says again what it has said, and turns
 * that ended say their end again. A connection that was half open heard no heartbeat long before that was noticed, so
 * live turns ask their rows first.
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
