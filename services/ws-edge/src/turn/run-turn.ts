import type { Bus } from '@omni2/bus'
import type { ErrorCodeName, Identity } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import type { FrameSink } from '../frames/frame-sink.ts'
import type { UserMessage } from '../message/user-message.ts'
import type { EdgeMetrics } from '../metrics.ts'
import { relayReply, type RelayDeps } from '../reply/relay-reply.ts'
import type { ReplyRelay } from '../reply/reply-relay.ts'
import { WholeAnswer } from '../reply/whole-answer.ts'
import type { RefusedUsers, TurnRefusal } from '../rights/refused-users.ts'
import { asksOtherQuestion } from './compare-question.ts'
import { publishTurn } from './publish-turn.ts'
import { recordAccepted } from './record-accepted.ts'

/** The client that asked: a connection, or the response to an SSE request. */
export interface Asker extends FrameSink {
  readonly identity: Identity
  readonly log: Logger
  /** A worker would refuse the turn, so it is not stored. */
  refuse(refusal: TurnRefusal): void
  /** The message is not stored, or may not be. */
  answerUnaccepted(acceptance: keyof typeof unacceptedCodes): void
  /** A turn with this id asks something else. */
  answerMismatch(): void
  /** The turn is followed from now on. */
  follow(reply: ReplyRelay): void
  /** The message is durable: nothing of its turn goes out before this. */
  confirmAccepted(): void
  /** The last frame of the turn was sent. */
  finish(): void
}

/** The error code of a message that is not stored, or may not be. */
export const unacceptedCodes = {
  unknown: 'accept_unknown',
  refused: 'unavailable',
} as const satisfies Record<string, ErrorCodeName>

export interface RunDeps extends RelayDeps {
  readonly bus: Pick<Bus, 'request' | 'publishDurably' | 'readStored'>
  readonly instance: string
  readonly refusedUsers: RefusedUsers
  readonly metrics: Pick<EdgeMetrics, 'acceptances' | 'acceptSeconds'>
}

/**
 * The life of a turn at the edge: refused where a worker would refuse it, else followed before it is published,
 * accepted, and relayed to its end.
 */
export async function runTurn(message: UserMessage, asker: Asker, deps: RunDeps): Promise<void> {
  const { identity, log } = asker
  const from = { identity, acceptedAt: new Date() }
  const turn = { ...message, user_id: identity.user_id }
  const refusal = deps.refusedUsers.refuse(turn)
  if (refusal) {
    deps.metrics.acceptances.add(1, { result: 'refused_user' })
    return asker.refuse(refusal)
  }
  const learning = deps.refusedUsers.learnFrom(turn, asker)
  using reply = relayReply({ ...turn, question: message }, new WholeAnswer(learning), deps)
  asker.follow(reply)
  const { published, seq, traceparent } = await publishTurn(message, from, { ...deps, log })
  // A frame of the turn proves that it was stored, also when the acknowledgement was lost.
  const acceptance = published === 'unknown' && reply.hasFrames ? 'duplicate' : published
  if (acceptance === 'unknown' || acceptance === 'refused') return asker.answerUnaccepted(acceptance)
  if (acceptance === 'duplicate' && (await asksOtherQuestion(turn, seq, deps))) return asker.answerMismatch()
  asker.confirmAccepted()
  reply.begin({ joined: acceptance === 'duplicate' })
  void recordAccepted(message, { ...from, traceparent }, { ...deps, log })
  await reply.ended
  asker.finish()
}
