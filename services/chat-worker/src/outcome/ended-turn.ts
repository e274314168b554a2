import { turnEnds, type TurnEnd } from '@omni2/contracts'
import type { StoredTerminal, StoredTurn } from '@omni2/db'

/** A turn whose row has ended. */
export type EndedTurn = StoredTurn & { status: TurnEnd; ended_at: Date; terminal: StoredTerminal }

/** Narrows a row to an ended one. */
export const isEnded = (turn: StoredTurn): turn is EndedTurn =>
  (turnEnds as readonly string[]).includes(turn.status) && turn.ended_at !== null && turn.terminal !== null
