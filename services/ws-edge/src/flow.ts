import type { Bus, Slots } from '@omni2/bus'
import type { EdgeConfig } from './config.ts'
import type { Connection } from './connection/connection.ts'
import type { Connections } from './connection/connections.ts'
import { ConversationWatch, watchConversation } from './resume/conversation-watch.ts'
import { answerMismatch } from './message/answer-mismatch.ts'
import { answerRefused } from './turn/answer-refused.ts'
import { answerUnaccepted } from './turn/answer-unaccepted.ts'
import { asksOtherQuestion } from './turn/compare-question.ts'
import { confirmAccepted } from './turn/confirm-accepted.ts'
import type { EdgeMetrics } from './metrics.ts'
import { openConversation, type Reopening } from './open/open-conversation.ts'
import { publishTurn } from './turn/publish-turn.ts'
import { recordAccepted } from './turn/record-accepted.ts'
import { refuseHandshake, refuseOverShare } from './connection/refuse-connection.ts'
import type { RefusedUsers } from './rights/refused-users.ts'
import { relayReply } from './reply/relay-reply.ts'
import type { ReplyFeed } from './reply/reply-feed.ts'
import type { UserMessage } from './message/user-message.ts'
import type { TurnViewers } from './reply/turn-viewers.ts'
import { welcomeUser } from './open/welcome-user.ts'
import { WholeAnswer } from './reply/whole-answer.ts'

export interface FlowDeps {
  readonly bus: Pick<Bus, 'request' | 'publishDurably' | 'readStored' | 'flush'>
  readonly feed: ReplyFeed
  readonly viewers: Pick<TurnViewers, 'add' | 'addConversation'>
  readonly connections: Connections
  readonly refusedUsers: RefusedUsers
  /** Places of resumes that are looked up at once. */
  readonly resumes: Slots
  readonly config: EdgeConfig
  /** Name of this edge. */
  readonly instance: string
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number
  readonly metrics: EdgeMetrics
}

/** The life of a connection: admitted, welcomed, then one turn after another until it closes. */
export async function serveConnection(
  connection: Connection,
  reopening: Reopening,
  deps: FlowDeps,
): Promise<void> {
  if (deps.connections.isAboveShare(connection)) return refuseOverShare(connection, deps)
  // It hears before it asks, so that no turn can begin unnoticed in between.
  const watch = reopening.state === 'asked' ? new ConversationWatch(connection, deps) : undefined
  const opening = await openConversation(connection, reopening, deps)
  if (!opening.allowed) return refuseHandshake(connection, opening, deps)
  welcomeUser(connection, opening, deps)
  connection.markOpen(opening.at)
  watch?.begin(opening.running ?? null)
  for await (const message of connection.messages()) {
    // From its first turn on a conversation can be reopened, and others can write into it.
    watchConversation(connection, deps)
    await runTurn(message, connection, deps)
  }
}

/** The life of a turn at the edge: refused where a worker would refuse it, else followed before it is published, and nothing of it goes out before its `accepted`. */
async function runTurn(message: UserMessage, connection: Connection, deps: FlowDeps): Promise<void> {
  const from = { identity: connection.identity, acceptedAt: new Date() }
  const log = connection.log.child({ session_id: message.session_id })
  const turn = { ...message, user_id: connection.identity.user_id }
  const refusal = deps.refusedUsers.refuse(turn)
  if (refusal) {
    deps.metrics.acceptances.add(1, { result: 'refused_user' })
    return answerRefused(message, refusal, connection)
  }
  const learning = deps.refusedUsers.learnFrom(turn, connection)
  using reply = relayReply({ ...turn, question: message }, new WholeAnswer(learning), deps)
  connection.turns.add(message.session_id, reply)
  const { published, seq, traceparent } = await publishTurn(message, from, { ...deps, log })
  // A frame of the turn proves that it was stored, also when the acknowledgement was lost.
  const acceptance = published === 'unknown' && reply.hasFrames ? 'duplicate' : published
  if (acceptance === 'unknown' || acceptance === 'refused')
    return answerUnaccepted(message, acceptance, connection, deps)
  if (acceptance === 'duplicate' && (await asksOtherQuestion(turn, seq, deps)))
    return answerMismatch(message, connection)
  confirmAccepted(message, connection)
  reply.begin({ joined: acceptance === 'duplicate' })
  await Promise.all([reply.ended, recordAccepted(message, { ...from, traceparent }, { ...deps, log })])
}
