import type { Bus } from '@omni2/bus'
import { consumers } from '@omni2/contracts'
import { publishTerminalFrame } from './announce-end.ts'
import type { LiveTurns } from './live-turns.ts'
import type { RecentEnds } from './recent-ends.ts'

const leaseMs = consumers['chat-worker'].ack_wait / 1_000_000

/**
 * After NATS was away: what was published meanwhile is lost, so every live turn says again what it has said, and turns
 * that ended say their end again. Away for as long as a lease, live turns ask their rows first.
 */
export function restoreReplies(
  awayMs: number,
  {
    bus,
    liveTurns,
    recentEnds,
  }: { bus: Pick<Bus, 'publish'>; liveTurns: Pick<LiveTurns, 'attempts'>; recentEnds: RecentEnds },
): void {
  for (const attempt of liveTurns.attempts()) {
    if (awayMs >= leaseMs / 2) attempt.ownership.doubt()
    attempt.reply.sendSnapshot()
  }
  for (const turn of recentEnds.since(awayMs)) publishTerminalFrame(turn, bus)
}
