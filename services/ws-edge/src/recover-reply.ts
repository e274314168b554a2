import {
  encodeTurnFrame,
  resultReplySchema,
  snapshotReplySchema,
  subjects,
  type SnapshotReply,
} from '@omni2/contracts'
import type { Bus } from '@omni2/bus'
import type { EdgeConfig } from './config.ts'
import type { TurnFrame } from './held-frames.ts'

/** What can be learnt about a turn: its text so far, its end, or nothing for now. */
export type Recovery =
  | { found: 'snapshot'; frame: TurnFrame }
  | { found: 'end'; bytes: Uint8Array }
  | { found: 'nothing' }

interface RecoverDependencies {
  readonly bus: Pick<Bus, 'request'>
  readonly config: Pick<EdgeConfig, 'EDGE_OWNER_TIMEOUT_MS' | 'EDGE_RESULT_TIMEOUT_MS'>
}

type Turn = { readonly session_id: string; readonly user_id: number }

/** Asks the worker that runs the turn, else the turn's row, for what its client should have; never throws. */
export async function recoverReply(turn: Turn, deps: RecoverDependencies): Promise<Recovery> {
  const snapshot = await askOwner(turn, deps).catch(() => undefined)
  if (snapshot?.known) return { found: 'snapshot', frame: makeSnapshotFrame(turn, snapshot) }
  const result = await askResult(turn, deps).catch(() => undefined)
  if (result?.state === 'ended') return { found: 'end', bytes: new TextEncoder().encode(result.frame) }
  return { found: 'nothing' }
}

function askOwner({ session_id, user_id }: Turn, { bus, config }: RecoverDependencies) {
  const options = { reply: snapshotReplySchema, timeoutMs: config.EDGE_OWNER_TIMEOUT_MS }
  return bus.request(subjects.owner(session_id, 'snapshot'), { user_id }, options)
}

function askResult({ session_id, user_id }: Turn, { bus, config }: RecoverDependencies) {
  const options = { reply: resultReplySchema, timeoutMs: config.EDGE_RESULT_TIMEOUT_MS }
  return bus.request(subjects.result, { session_id, user_id }, options)
}

/** Has the cursor of the last frame it stands for, as the worker's own snapshots have. */
function makeSnapshotFrame(
  { session_id }: Turn,
  { attempt, seq, text }: Extract<SnapshotReply, { known: true }>,
): TurnFrame {
  const head = { type: 'snapshot', session_id, attempt, from: seq, seq } as const
  return { head, bytes: encodeTurnFrame(head, { text }) }
}
