import type { JsMsg } from '@omni2/bus'
import type { TurnMessage } from '@omni2/contracts'

/** How far apart an edge's clock and that of NATS may be, in milliseconds, before the edge's is not believed. */
const believedMs = 5000

/**
 * A turn with the time at which NATS stored it where its edge's clock is far from that: waiting times and the order of a
 * conversation must not depend on one wrong clock. A turn that an operator sends again keeps its time.
 */
export function correctAcceptedAt(
  turn: TurnMessage,
  { time, headers }: Pick<JsMsg, 'time' | 'headers'>,
): { turn: TurnMessage; edgeAheadMs: number } {
  const edgeAheadMs = Date.parse(turn.accepted_at) - time.getTime()
  const isFirstSent = headers?.get('Nats-Msg-Id') === turn.session_id
  if (!isFirstSent || Math.abs(edgeAheadMs) <= believedMs) return { turn, edgeAheadMs: 0 }
  return { turn: { ...turn, accepted_at: time.toISOString() }, edgeAheadMs }
}
