import type { ClientFrame, MessageFrame } from '@omni2/contracts'
import type { RawData } from 'ws'
import { answerMismatch } from '../message/answer-mismatch.ts'
import { cancelTurn } from '../turn/cancel-turn.ts'
import type { Connection } from '../connection/connection.ts'
import type { FrameRate } from './frame-rate.ts'
import { encodeFrame, makeErrorFrame, makeTurnFrame } from '../frames/make-frame.ts'
import type { EdgeMetrics } from '../metrics.ts'
import { parseClientFrame } from './parse-client-frame.ts'
import { resumeReply, type ResumeDeps } from '../resume/resume-reply.ts'
import { makeUserMessage, type UserMessage } from '../message/user-message.ts'

interface ReceiveDeps extends ResumeDeps {
  readonly rate: FrameRate
  readonly metrics: Pick<EdgeMetrics, 'framesReceived' | 'resumes'>
}

/**
 * Takes one frame of a client in, at once; what is wrong with it is answered with an `error`, and the connection lives
 * on. Resolves when all that the frame asks for is done, which a message is when it waits.
 */
export async function receiveFrame(
  { data, isBinary }: { data: RawData; isBinary: boolean },
  connection: Connection,
  deps: ReceiveDeps,
): Promise<void> {
  if (connection.ended.aborted || !admitFrame(connection, deps)) return
  if (isBinary) return refuseFrame(makeErrorFrame('binary_frame'), connection, deps)
  // With the default binaryType a message is one Buffer; its UTF-8 was checked by ws.
  const parsed = parseClientFrame((data as Buffer).toString(), { textLength: deps.config.EDGE_TEXT_LENGTH })
  if ('frame' in parsed) return actOn(parsed.frame, connection, deps)
  refuseFrame(makeErrorFrame(parsed.problem.code, { ...parsed.problem }), connection, deps)
}

function refuseFrame(error: Uint8Array, connection: Connection, { metrics }: ReceiveDeps): void {
  metrics.framesReceived.add(1, { type: 'invalid' })
  connection.send(error)
}

/** Charges a frame, also a WebSocket ping; a flood closes the connection. */
export function admitFrame(
  connection: Connection,
  { rate, metrics }: Pick<ReceiveDeps, 'rate' | 'metrics'>,
): boolean {
  const verdict = rate.take()
  if (verdict !== 'allowed') metrics.framesReceived.add(1, { type: 'too_many' })
  if (verdict === 'refused')
    connection.send(makeErrorFrame('too_many_frames', { retry_after_ms: rate.retryAfterMs }))
  if (verdict === 'flood') connection.close(4429)
  return verdict === 'allowed'
}

function actOn(frame: ClientFrame, connection: Connection, deps: ReceiveDeps): Promise<void> | void {
  deps.metrics.framesReceived.add(1, { type: frame.type })
  switch (frame.type) {
    case 'message':
      return takeMessage(frame, connection, deps)
    case 'ping':
      return connection.send(encodeFrame({ type: 'pong' }))
    case 'cancel':
      return cancelTurn(frame, connection, deps)
    case 'resume':
      return resumeReply(frame, connection, deps)
  }
}

function takeMessage(frame: MessageFrame, connection: Connection, { config }: ReceiveDeps): void {
  const { identity, conversationId } = connection
  const message = makeUserMessage(frame, { userId: identity.user_id, conversationId })
  const { client_msg_id } = message
  const taken = connection.offer(message)
  if (taken === 'running') return repeatAccepted(message, connection)
  if (taken === 'other') return answerMismatch(message, connection)
  const retry_after_ms = config.EDGE_RETRY_AFTER_MS
  if (taken === 'full') connection.send(makeErrorFrame('queue_full', { retry_after_ms, client_msg_id }))
  if (taken === 'leaving') connection.send(makeErrorFrame('unavailable', { retry_after_ms, client_msg_id }))
}

/** The running turn was sent again: it is accepted already, or about to be. */
function repeatAccepted(message: UserMessage, connection: Connection): void {
  const { session_id, client_msg_id } = message
  if (connection.hasAccepted(message))
    connection.send(makeTurnFrame('accepted', session_id, { client_msg_id }))
}
