import { encodeTurnFrame, makeQuestionDigest, turnMessageSchema, type Asked } from '@omni2/contracts'
import type { TurnFrame } from '../frames/held-frames.ts'
import type { UserMessage } from './user-message.ts'

/** What a client asks under the id of its message. */
export type Question = Pick<UserMessage, 'text' | 'replaces'>

/** Whether a turn, as its worker or its row describes it, asks something else; false where they do not know. */
export function isOtherQuestion(question: Question | undefined, asked: Asked | undefined): boolean {
  const digest = asked?.digest ?? undefined
  return question !== undefined && digest !== undefined && digest !== makeQuestionDigest(question)
}

/** The question of the turn message that a stream holds; undefined for anything else. */
export function readStoredQuestion(stored: unknown, turnId: string): Question | undefined {
  const turn = turnMessageSchema.safeParse(stored).data
  return turn?.session_id === turnId ? turn : undefined
}

export const isSameQuestion = (one: Question, other: Question): boolean =>
  one.text === other.text && one.replaces === other.replaces

/** What a frame says that its turn asks; undefined where it does not. */
export function readQuestion(bytes: Uint8Array): Question | undefined {
  const frame: { question?: string; replaces?: string } = JSON.parse(new TextDecoder().decode(bytes))
  return frame.question === undefined ? undefined : { text: frame.question, replaces: frame.replaces ?? null }
}

/** A frame for the client that asked: `started` says nothing else than what it knows. */
export const withoutQuestion = (frame: TurnFrame): TurnFrame =>
  frame.head.type === 'started' ? { ...frame, bytes: encodeTurnFrame(frame.head) } : frame
