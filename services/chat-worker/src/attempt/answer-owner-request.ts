import {
  makeQuestionDigest,
  type AliveReply,
  type OwnerRequest,
  type SnapshotReply,
  type TurnMessage,
} from '@omni2/contracts'
import type { Reply } from '../reply/reply.ts'

/** The attempt that is asked about. */
interface AskedAttempt {
  readonly number: number
  readonly reply: Pick<Reply, 'text' | 'seq'>
  stop(cause: 'cancelled'): void
}

/** Answers who asks the owner of a turn: a worker whether it lives, an edge for what has been said, or for its end. */
export function answerOwnerRequest(
  { user_id }: OwnerRequest,
  subject: string,
  turn: TurnMessage,
  attempt: AskedAttempt,
  worker: string,
): AliveReply | SnapshotReply | { known: boolean } | undefined {
  const isTheirs = user_id === turn.identity.user_id
  const verb = subject.slice(subject.lastIndexOf('.') + 1)
  if (verb === 'alive') return isTheirs ? { attempt: attempt.number, worker } : undefined
  if (verb === 'cancel' && isTheirs) attempt.stop('cancelled')
  if (verb === 'cancel') return { known: isTheirs }
  if (verb !== 'snapshot') return undefined
  if (!isTheirs) return { known: false }
  const { text, seq } = attempt.reply
  const asked = { question: turn.text, replaces: turn.replaces, digest: makeQuestionDigest(turn) }
  return { known: true, attempt: attempt.number, seq, text, asked }
}
