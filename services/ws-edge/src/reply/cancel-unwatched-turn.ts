import { NoResponderError, type Bus } from '@omni2/bus'
import { requests, type CancelRequest } from '@omni2/contracts'
import { retry, type Logger } from '@omni2/service-kit'
import type { EdgeConfig } from '../config.ts'
import type { FollowedTurn } from './followed-turn.ts'

export interface CancelUnwatchedDeps {
  readonly bus: Pick<Bus, 'request'>
  readonly instance: string
  readonly config: Pick<EdgeConfig, 'EDGE_OWNER_TIMEOUT_MS' | 'EDGE_CANCEL_TIMEOUT_MS'>
  readonly stopping: AbortSignal
  readonly log: Logger
}

interface Asking extends CancelUnwatchedDeps {
  /** Whether a viewer came back to this edge. */
  readonly isWatchedHere: () => boolean
  /** Between two tries, in milliseconds. */
  readonly pauseMs: number
}

/** Looks again so often where an edge or the workers do not answer; then the turn is left to finish. */
const tries = 3

/** Cancels a turn unless an edge says that it has a viewer; asks again when it gets no certain answer. Never throws. */
export async function cancelUnwatchedTurn(turn: FollowedTurn, deps: Asking): Promise<void> {
  const { pauseMs, log } = deps
  const onFailure = (err: unknown) =>
    log.warn({ err, session_id: turn.session_id }, 'turn without viewers not cancelled yet')
  // The pause holds no process up: an edge that stops leaves the turn to finish.
  await retry(() => cancelOnce(turn, deps), { tries, pauseMs, onFailure, ref: false }).catch(() => {})
}

async function cancelOnce(turn: FollowedTurn, deps: Asking): Promise<void> {
  if (deps.stopping.aborted || deps.isWatchedHere() || (await isWatchedElsewhere(turn, deps))) return
  if (deps.stopping.aborted || deps.isWatchedHere()) return
  await requestCancel(turn, deps)
}

async function isWatchedElsewhere(
  { session_id, conversation_id }: FollowedTurn,
  deps: Asking,
): Promise<boolean> {
  const ids = conversation_id === null ? [session_id] : [session_id, conversation_id]
  const answers = await Promise.all(ids.map((id) => isAnsweredFor(id, deps)))
  return answers.includes(true)
}

/** False if no edge listens. Throws if one listens and does not answer: it may be frozen and still have a viewer. */
async function isAnsweredFor(id: string, { bus, instance, config }: Asking): Promise<boolean> {
  const options = { timeoutMs: config.EDGE_OWNER_TIMEOUT_MS }
  try {
    await bus.request(requests.viewers(id), { edge: instance }, options)
    return true
  } catch (error) {
    if (error instanceof NoResponderError) return false
    throw error
  }
}

async function requestCancel(
  { session_id, user_id }: FollowedTurn,
  { bus, config, log }: Asking,
): Promise<void> {
  const request: CancelRequest = { session_id, user_id, by: 'last_viewer_gone', accepted: false }
  const options = { timeoutMs: config.EDGE_CANCEL_TIMEOUT_MS }
  const { state } = await bus.request(requests.cancel, request, options)
  log.info({ session_id, user_id, state }, 'turn without viewers: cancel requested')
}
