import {
  type CancelFrame,
  type CancelReply,
  isTerminalFrameType,
  makeTurnId,
  type TurnResult,
} from '@omni2/contracts'
import type { EdgeConfig } from '../config.ts'
import { requestCancel } from './request-cancel.ts'
import type { Connection } from '../connection/connection.ts'
import type { FrameSink } from '../frames/frame-sink.ts'
import { makeErrorFrame, makeTurnFrame } from '../frames/make-frame.ts'
import { relayReply, type RelayDeps } from '../reply/relay-reply.ts'
import type { UserMessage } from '../message/user-message.ts'
import { WholeAnswer } from '../reply/whole-answer.ts'

export interface CancelDeps extends RelayDeps {
  readonly config: EdgeConfig
}

/**
 * Stops a turn: a worker records the request, and the client sees the real end of the turn, once. A message that waits
 * here is withdrawn first. If the worker knows it nevertheless, it was sent before on another connection.
 */
export async function cancelTurn(
  frame: CancelFrame,
  connection: Connection,
  deps: CancelDeps,
): Promise<void> {
  const session_id = nameTurn(frame, connection)
  await connection.opened
  const { turns } = connection
  const hadEnded = turns.hasEnded(session_id)
  const withdrawn = connection.withdraw(session_id)
  const accepted = await connection.whenAccepted(session_id)
  const { state } = await askForCancel({ session_id, accepted }, connection, deps)
  if (state === 'unavailable') return connection.send(answerUnavailable(frame, deps.config))
  if (state === 'unknown')
    return connection.send(
      withdrawn ? answerWithdrawn(withdrawn) : makeErrorFrame('not_found', nameInError(frame)),
    )
  if (withdrawn)
    connection.send(makeTurnFrame('accepted', session_id, { client_msg_id: withdrawn.client_msg_id }))
  // The end may have gone out while the worker was asked, and it is shown again only to a client that sent its message again.
  const isShown = turns.hasEnded(session_id) && !(withdrawn && hadEnded)
  if (!isShown && !turns.isFollowed(session_id)) showEnd(session_id, connection, deps)
}

function nameTurn(frame: CancelFrame, { identity, conversationId }: Connection): string {
  const clientMsgId = frame.client_msg_id?.toWellFormed()
  return frame.session_id ?? makeTurnId({ userId: identity.user_id, conversationId, clientMsgId })
}

async function askForCancel(
  turn: { session_id: string; accepted: boolean },
  { identity, log }: Connection,
  deps: CancelDeps,
): Promise<CancelReply | { state: 'unavailable' }> {
  try {
    return await requestCancel({ ...turn, user_id: identity.user_id }, deps)
  } catch (err) {
    log.warn({ err, session_id: turn.session_id }, 'no worker takes the cancel')
    return { state: 'unavailable' }
  }
}

/** A client that cancels a turn of another connection has not seen its frames; it gets only the answer and the end. */
function showEnd(session_id: string, connection: Connection, deps: CancelDeps): void {
  const whole = new WholeAnswer(connection)
  const onlyEnd: FrameSink = {
    ended: connection.ended,
    send: (bytes, head) => {
      if (!head || isTerminalFrameType(head.type)) whole.send(bytes, head)
    },
  }
  const turn = { session_id, conversation_id: null, user_id: connection.identity.user_id }
  const reply = relayReply(turn, onlyEnd, deps)
  connection.turns.add(session_id, reply)
  reply.begin({ joined: true })
}

/** The turn was never accepted, so it has no row and no flow; for the client it ends like every cancelled message. */
const answerWithdrawn = ({ session_id, client_msg_id }: UserMessage): Uint8Array =>
  makeTurnFrame('cancelled', session_id, { client_msg_id, result: nothingSaid })

const nothingSaid: TurnResult = {
  answer: '',
  model: '',
  stop_reason: 'cancelled',
  iterations: 0,
  tool_calls: 0,
  tools_used: [],
  tokens_input: 0,
  tokens_output: 0,
  tokens_cached: 0,
  cost_usd: 0,
  duration_ms: 0,
  first_token_ms: null,
  queue_ms: 0,
}

const answerUnavailable = (frame: CancelFrame, { EDGE_RETRY_AFTER_MS }: EdgeConfig): Uint8Array =>
  makeErrorFrame('unavailable', { ...nameInError(frame), retry_after_ms: EDGE_RETRY_AFTER_MS })

const nameInError = ({ session_id, client_msg_id }: CancelFrame) => ({
  ...(session_id === undefined ? {} : { session_id, attempt: 0, from: 0, seq: 0 }),
  client_msg_id,
})
