import type { TurnAddress } from '@omni2/contracts'
import type { Question } from '../message/own-question.ts'

/** A turn that is followed on behalf of a user, who need not be its own. */
export interface FollowedTurn extends TurnAddress {
  readonly user_id: number
  /** What the client asks that follows it as the turn of its own message; absent for all others. */
  readonly question?: Question
}
