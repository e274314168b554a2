import type { AskedTurn, ConnectionView, Frame } from '../record.ts'
import type { Random } from '../random.ts'

/** What every client of a storm has. */
export interface ClientDeps {
  readonly name: string
  readonly user: { readonly id: number; readonly token: string }
  /** `127.0.0.1:<port>` of the proxy before the gateway. */
  readonly host: string
  readonly random: Random
  /** Aborted when no new turn begins any more. */
  readonly ending: AbortSignal
  /** Aborted when turns that have not ended are given up. */
  readonly giveUp: AbortSignal
  /** Milliseconds since the storm began. */
  readonly now: () => number
  readonly connections: ConnectionView[]
  readonly asked: AskedTurn[]
}

/** A turn on its way, as its client knows it. */
export interface OpenTurn {
  readonly asked: AskedTurn
  readonly client_msg_id: string
  /** As it is sent, also again. */
  readonly message: object
  attempt: number
  seq: number
}

/** Notes how far a turn has come by its frame; true at its end. */
export function noteFrame(turn: OpenTurn, frame: Frame): void {
  if (Number(frame['attempt']) > 0 && Number(frame['seq']) < 1_000_000) {
    turn.attempt = Number(frame['attempt'])
    turn.seq = Number(frame['seq'])
  }
  turn.asked.accepted = true
}

/** A question that the model simulator answers in a second or so. */
export function writeQuestion(name: string, random: Random): string {
  const orders = [`tokens=${random.between(5, 60)}`, `pace=${random.between(5, 40)}`]
  if (random.chance(0.1)) orders.push('tool=demo__get-sum:{"a":1,"b":2}')
  return `${name} é👋 [[sim ${orders.join(' ')}]]`
}
