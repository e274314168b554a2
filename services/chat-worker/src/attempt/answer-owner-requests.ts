import type { Bus, Subscription } from '@omni2/bus'
import { makeQuestionDigest, requests, type OwnerRequest, type TurnMessage } from '@omni2/contracts'
import type { Reply } from '../reply/reply.ts'

/** The attempt that requests ask about. */
interface AskedAttempt {
  readonly number: number
  readonly reply: Pick<Reply, 'text' | 'seq'>
  stop(cause: 'cancelled'): void
}

/** Answers requests to the owner of a turn: an edge asks for the reply so far, or for the end. */
export function answerOwnerRequests(
  turn: TurnMessage,
  attempt: AskedAttempt,
  { bus }: { bus: Pick<Bus, 'answer'> },
): Subscription {
  const { owner } = requests
  const isTheirs = ({ user_id }: OwnerRequest) => user_id === turn.identity.user_id
  const subscriptions = [
    bus.answer(owner.cancel(turn.session_id), async (request) => {
      if (isTheirs(request)) attempt.stop('cancelled')
      return { known: isTheirs(request) }
    }),
    bus.answer(owner.snapshot(turn.session_id), async (request) =>
      isTheirs(request) ? describeReply(turn, attempt) : { known: false as const },
    ),
  ]
  return { unsubscribe: () => subscriptions.forEach((subscription) => subscription.unsubscribe()) }
}

function describeReply(turn: TurnMessage, { number, reply }: AskedAttempt) {
  const asked = { question: turn.text, replaces: turn.replaces, digest: makeQuestionDigest(turn) }
  return { known: true as const, attempt: number, seq: reply.seq, text: reply.text, asked }
}
