import type { Defaulted, Instant } from './column.ts'

/** `omni2.turn_stalls`: turns whose work stopped the event loop of a worker. */
export interface TurnStalls {
  session_id: string
  worker: string
  stalled_at: Defaulted<Instant>
}
