import type { JsMsg } from '@omni2/bus'
import type { TurnMessage } from '@omni2/contracts'

/**
 * Largest difference between the clocks of an edge and NATS, in milliseconds. Above it the clock of the edge is
 * ignored.
 */
const believedMs = 5000

/**
 * The turn with the time at which NATS stored it, if the clock of its edge differs too much. Waiting times and the
 * order of a conversation must not depend on one wrong clock. A turn that an operator sends again keeps its time.
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
