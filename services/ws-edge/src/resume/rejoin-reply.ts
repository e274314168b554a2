import { setTimeout as sleep } from 'node:timers/promises'
import { readFrameHead } from '@omni2/contracts'
import type { Bus, Slots } from '@omni2/bus'
import type { FrameSink } from '../frames/frame-sink.ts'
import { makeTurnFrame } from '../frames/make-frame.ts'
import { recoverReply, type Recovery } from '../reply/recover-reply.ts'
import type { FollowedTurn } from '../reply/followed-turn.ts'
import type { RelayDeps } from '../reply/relay-reply.ts'
import { isAhead, type ReplyCursor } from '../frames/reply-cursor.ts'
import type { ReplyRelay } from '../reply/reply-relay.ts'

export interface RejoinDeps extends RelayDeps {
  readonly bus: Pick<Bus, 'request' | 'flush'>
  /** Places of those who ask at once, EDGE_RESUMES_AT_ONCE. */
  readonly resumes: Slots
}

/**
 * `found`: frames are held until `reply.join(recovery)`, which begins with a snapshot where the client lacks something, or
 * with the end. `unrecoverable`: nothing is held any more. `gone`: the client left meanwhile.
 */
export type Rejoined =
  | { state: 'found'; recovery: Recovery }
  | { state: 'unrecoverable'; reason: 'unknown' | 'future_cursor' }
  | { state: 'gone' }

/**
 * Looks up a turn that `reply` follows again, for a client that has its frames up to `cursor`. Until a worker confirms
 * that the turn is this user's, the client gets only `waiting` frames.
 */
export async function rejoinReply(
  reply: ReplyRelay,
  { turn, cursor }: { turn: FollowedTurn; cursor: ReplyCursor },
  sink: FrameSink,
  deps: RejoinDeps,
): Promise<Rejoined> {
  const recovery = await recoverPatiently(turn, cursor, sink, deps)
  if (sink.ended.aborted) return { state: 'gone' }
  const reason = recovery.found === 'unknown' ? 'unknown' : judgeCursor(cursor, recovery)
  if (reason !== undefined) {
    reply[Symbol.dispose]()
    return { state: 'unrecoverable', reason }
  }
  return { state: 'found', recovery }
}

/**
 * Asks until an answer comes; the client waits. Only the second `unknown` in a row counts: a turn that was just
 * accepted may have no row yet.
 */
async function recoverPatiently(
  turn: FollowedTurn,
  cursor: ReplyCursor,
  sink: FrameSink,
  deps: RejoinDeps,
): Promise<Recovery> {
  const { EDGE_ASK_AGAIN_MS, EDGE_SILENCE_MS } = deps.config
  let isLastLook = false
  for (let pauseMs = EDGE_ASK_AGAIN_MS; ; pauseMs = Math.min(2 * pauseMs, EDGE_SILENCE_MS)) {
    const recovery = await recoverInTurn(turn, cursor, sink, deps).catch(
      () => ({ found: 'nothing' }) as const,
    )
    if (recovery.found !== 'unknown' && recovery.found !== 'nothing') return recovery
    if (sink.ended.aborted || (recovery.found === 'unknown' && isLastLook)) return recovery
    isLastLook = recovery.found === 'unknown'
    if (!isLastLook) sink.send(makeTurnFrame('waiting', turn.session_id))
    await sleep(pauseMs, null, { signal: sink.ended }).catch(() => null)
  }
}

/** The subscription must reach the server before the question: then no frame after the answer is lost. */
async function recoverInTurn(
  turn: FollowedTurn,
  { attempt }: ReplyCursor,
  sink: FrameSink,
  deps: RejoinDeps,
): Promise<Recovery> {
  using _place = await deps.resumes.take(sink.ended)
  await deps.bus.flush()
  return await recoverReply(turn, deps, attempt)
}

/** A client cannot have what was never sent. */
function judgeCursor(cursor: ReplyCursor, recovery: Recovery): 'future_cursor' | undefined {
  const last = readPosition(recovery)
  return last && isAhead(cursor, last) ? 'future_cursor' : undefined
}

/** How far the turn has come; of an attempt without its worker only the number is known. */
function readPosition(recovery: Recovery): ReplyCursor | undefined {
  switch (recovery.found) {
    case 'snapshot':
      return recovery.frame.head
    case 'end':
      return readFrameHead(recovery.bytes)
    case 'pending':
      return { attempt: recovery.attempt, seq: recovery.attempt === 0 ? 0 : Infinity }
    case 'unknown':
    case 'nothing':
    case 'other':
      return undefined
  }
}
