import type { IncomingMessage } from 'node:http'
import { isTerminalFrameType } from '@omni2/contracts'
import type { FrameSink } from '../frames/frame-sink.ts'
import { rejoinReply, type RejoinDeps } from '../resume/rejoin-reply.ts'
import { relayReply } from '../reply/relay-reply.ts'
import { isAhead, type ReplyCursor } from '../frames/reply-cursor.ts'
import { WholeAnswer } from '../reply/whole-answer.ts'
import type { AskResponse } from './ask-response.ts'
import { readLastEventId, refuseCursor } from './read-last-event-id.ts'
import { RequestRefused } from './request-refused.ts'

/**
 * Continues a turn's events after the client's position: the missing part as one `snapshot`, then the rest as it comes.
 * For an ended turn it sends the end alone, or nothing (204) to a client that already has it.
 */
export async function resumeStream(
  request: IncomingMessage,
  turnId: string,
  reply: AskResponse,
  deps: RejoinDeps,
): Promise<void> {
  const cursor = readLastEventId(request, turnId)
  reply.nameTurn(turnId)
  const turn = { session_id: turnId, conversation_id: null, user_id: reply.identity.user_id }
  const sink = resumeInto(reply, cursor)
  using relay = relayReply(turn, sink, deps, cursor)
  const rejoined = await rejoinReply(relay, { turn, cursor }, sink, deps)
  if (rejoined.state === 'gone') return
  if (rejoined.state === 'unrecoverable')
    throw rejoined.reason === 'unknown' ? new RequestRefused('not_found') : refuseCursor()
  relay.join(rejoined.recovery)
  reply.open()
  await relay.ended
  reply.finish()
}

/** An end is an event here, never a status: the turn was accepted long ago. */
function resumeInto(reply: AskResponse, cursor: ReplyCursor): FrameSink {
  const whole = new WholeAnswer(reply, cursor)
  return {
    ended: reply.ended,
    send: (bytes, head) => {
      const isEnd = head !== undefined && isTerminalFrameType(head.type)
      if (isEnd && !reply.isStreaming && hasReached(cursor, head)) return reply.finishEmpty()
      reply.open()
      whole.send(bytes, head)
    },
  }
}

const hasReached = (cursor: ReplyCursor, position: ReplyCursor): boolean =>
  (cursor.attempt > 0 || cursor.seq > 0) && !isAhead(position, cursor)
