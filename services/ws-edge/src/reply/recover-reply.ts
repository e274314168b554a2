import { type Asked, encodeTurnFrame, requests, type ResultReply, type SnapshotReply } from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import type { EdgeConfig } from '../config.ts'
import type { TurnFrame } from '../frames/held-frames.ts'
import { isOtherQuestion } from '../message/own-question.ts'
import type { FollowedTurn } from './followed-turn.ts'

/**
 * What the bus knows about a turn: its text so far, or its end. `pending`: it will go on, but no worker runs it now.
 * `unknown`: it does not exist, or belongs to another user. `nothing`: no answer came. `other`: its question differs
 * from the one of the client that follows it as its own.
 */
export type Recovery =
  | { found: 'snapshot'; frame: TurnFrame }
  | { found: 'end'; bytes: Uint8Array }
  /** `attempt`: the one that began last, where one did. */
  | { found: 'pending'; attempt: number }
  | { found: 'unknown' | 'nothing' | 'other' }

interface RecoverDeps {
  readonly bus: Pick<Bus, 'request'>
  readonly config: Pick<EdgeConfig, 'EDGE_OWNER_TIMEOUT_MS' | 'EDGE_RESULT_TIMEOUT_MS'>
}

type Turn = Pick<FollowedTurn, 'session_id' | 'user_id' | 'question'>

/**
 * Asks the worker that runs the turn, else the turn's row, for what its client should have; never throws. A worker that
 * runs an attempt below `fromAttempt` does not know yet that it lost the turn, so its answer is ignored.
 */
export async function recoverReply(turn: Turn, deps: RecoverDeps, fromAttempt = 0): Promise<Recovery> {
  const snapshot = await askOwner(turn, deps).catch(() => undefined)
  if (snapshot?.known && isOtherQuestion(turn.question, snapshot.asked)) return { found: 'other' }
  if (snapshot?.known && snapshot.attempt >= fromAttempt)
    return { found: 'snapshot', frame: makeSnapshotFrame(turn, snapshot) }
  const result = await askResult(turn, deps).catch(() => undefined)
  if (result && 'asked' in result && isOtherQuestion(turn.question, result.asked)) return { found: 'other' }
  return result ? readResult(result) : { found: 'nothing' }
}

function readResult(result: ResultReply): Recovery {
  switch (result.state) {
    case 'ended':
      return { found: 'end', bytes: new TextEncoder().encode(result.frame) }
    case 'running':
      return { found: 'pending', attempt: result.attempt }
    case 'queued':
      return { found: 'pending', attempt: 0 }
    case 'unknown':
      return { found: 'unknown' }
  }
}

function askOwner({ session_id, user_id }: Turn, { bus, config }: RecoverDeps) {
  const options = { timeoutMs: config.EDGE_OWNER_TIMEOUT_MS }
  return bus.request(requests.owner.snapshot(session_id), { user_id }, options)
}

function askResult({ session_id, user_id }: Turn, { bus, config }: RecoverDeps) {
  const options = { timeoutMs: config.EDGE_RESULT_TIMEOUT_MS }
  return bus.request(requests.result, { session_id, user_id }, options)
}

/**
 * Has the cursor of the last frame it stands for, as the worker's own snapshots have, and what was asked, for a client that
 * has not asked it.
 */
function makeSnapshotFrame(
  { session_id, question: own }: Turn,
  { attempt, seq, text, asked }: Extract<SnapshotReply, { known: true }>,
): TurnFrame {
  const head = { type: 'snapshot', session_id, attempt, from: seq, seq } as const
  const question = own || !asked ? {} : { question: asked.question, ...nameReplaced(asked) }
  return { head, bytes: encodeTurnFrame(head, { ...question, text }) }
}

const nameReplaced = ({ replaces }: Asked) => (replaces === null ? {} : { replaces })
