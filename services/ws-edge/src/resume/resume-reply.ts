import { makeTurnId, type ResumeFrame, type ServerFrameOf } from '@omni2/contracts'
import type { EdgeConfig } from '../config.ts'
import type { Connection } from '../connection/connection.ts'
import { watchConversation } from './conversation-watch.ts'
import { encodeFrame, makeErrorFrame, makeTurnFrame } from '../frames/make-frame.ts'
import type { EdgeMetrics } from '../metrics.ts'
import { rejoinReply, type RejoinDeps } from './rejoin-reply.ts'
import { relayReply } from '../reply/relay-reply.ts'
import { ResumeAnswer } from './resume-answer.ts'
import { checkResumeToken } from './resume-token.ts'
import { WholeAnswer } from '../reply/whole-answer.ts'

export interface ResumeDeps extends RejoinDeps {
  readonly config: EdgeConfig
  readonly metrics: Pick<EdgeMetrics, 'resumes'>
}

/** A turn that a resume names, and how the client may have named it. */
interface ResumedTurn {
  readonly session_id: string
  readonly client_msg_id: string | undefined
  readonly user_id: number
}

/**
 * Continues a conversation and one turn of it. The connection belongs to the token's conversation as soon as the token
 * is accepted, so a message sent right after the resume belongs to it too; that message waits for the end of the
 * resumed turn.
 */
export async function resumeReply(
  frame: ResumeFrame,
  connection: Connection,
  deps: ResumeDeps,
): Promise<void> {
  const claims = readToken(frame, connection, deps)
  if (typeof claims === 'string') return refuseResume(claims, frame, connection, deps)
  const hold = connection.holdMessages()
  if (!hold) return answerFull(frame, connection, deps)
  using _hold = hold
  connection.adoptConversation(claims.conversation_id)
  await connection.opened
  await followAgain(nameTurn(frame, claims), frame, connection, deps)
}

type Refusal = ServerFrameOf<'unrecoverable'>['reason']

function readToken(
  { resume_token }: ResumeFrame,
  { identity }: Connection,
  { config }: ResumeDeps,
): { conversation_id: string; user_id: number } | Refusal {
  const token = checkResumeToken(resume_token, { secret: config.RESUME_TOKEN_SECRET, now: Date.now() })
  if (!token.valid) return token.reason
  return token.claims.user_id === identity.user_id ? token.claims : 'unknown'
}

function nameTurn(
  frame: ResumeFrame,
  { conversation_id, user_id }: { conversation_id: string; user_id: number },
): ResumedTurn {
  const client_msg_id = frame.client_msg_id?.toWellFormed()
  const named = { userId: user_id, conversationId: conversation_id, clientMsgId: client_msg_id }
  return { session_id: frame.session_id ?? makeTurnId(named), client_msg_id, user_id }
}

async function followAgain(
  turn: ResumedTurn,
  cursor: Pick<ResumeFrame, 'attempt' | 'seq'>,
  connection: Connection,
  deps: ResumeDeps,
): Promise<void> {
  const { session_id, client_msg_id, user_id } = turn
  using answer = new ResumeAnswer(new WholeAnswer(connection, cursor), { session_id, cursor }, deps)
  // Followed by its own id: the session_id that a client gives may be of another conversation of its user.
  const followed = { session_id, conversation_id: null, user_id }
  const reply = relayReply(followed, answer, deps, cursor)
  // A connection that watches the turn already is shown no more of it than its resume is answered with.
  const isWatched = !connection.isAnswering(session_id)
  if (isWatched) connection.turns.add(session_id, reply)
  const rejoined = await rejoinReply(reply, { turn: followed, cursor }, answer, deps)
  if (rejoined.state === 'gone') return
  if (rejoined.state === 'unrecoverable')
    return answer.give(rejoined.reason, makeUnrecoverable(rejoined.reason, turn))
  const { recovery } = rejoined
  if (!isWatched) connection.turns.add(session_id, reply)
  watchConversation(connection, deps)
  // A client that names the turn by client_msg_id has no `accepted` frame yet, so it does not know the session_id.
  if (client_msg_id !== undefined) connection.send(makeTurnFrame('accepted', session_id, { client_msg_id }))
  reply.join(recovery)
  if (recovery.found === 'snapshot') answer.giveResumed()
  await reply.ended
}

function refuseResume(
  reason: Refusal,
  frame: ResumeFrame,
  connection: Connection,
  { metrics }: ResumeDeps,
): void {
  metrics.resumes.add(1, { result: reason })
  connection.send(makeUnrecoverable(reason, frame))
}

function makeUnrecoverable(
  reason: Refusal,
  { session_id, client_msg_id }: Partial<Pick<ResumeFrame, 'session_id' | 'client_msg_id'>>,
): Uint8Array {
  const body = { reason, client_msg_id }
  if (session_id === undefined) return encodeFrame({ type: 'unrecoverable', ...body })
  return makeTurnFrame('unrecoverable', session_id, body)
}

function answerFull(
  { session_id, client_msg_id }: ResumeFrame,
  connection: Connection,
  { config, metrics }: ResumeDeps,
): void {
  metrics.resumes.add(1, { result: 'full' })
  const head = session_id === undefined ? {} : { session_id, attempt: 0, from: 0, seq: 0 }
  const retry_after_ms = config.EDGE_RETRY_AFTER_MS
  connection.send(makeErrorFrame('queue_full', { ...head, client_msg_id, retry_after_ms }))
}
