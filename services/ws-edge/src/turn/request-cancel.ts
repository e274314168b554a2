import { setTimeout as sleep } from 'node:timers/promises'
import type { Bus } from '@omni2/bus'
import { requests, type CancelReply, type CancelRequest } from '@omni2/contracts'
import type { EdgeConfig } from '../config.ts'

interface RequestDeps {
  readonly bus: Pick<Bus, 'request'>
  readonly config: Pick<EdgeConfig, 'EDGE_CANCEL_TIMEOUT_MS' | 'EDGE_ASK_AGAIN_MS'>
}

/**
 * Asks a worker to cancel a turn of the user; `accepted`: this edge knows that it was accepted. Only the second `unknown`
 * counts: a turn that another edge accepted a moment ago may be in no table yet. Rejects if no worker answers.
 */
export async function requestCancel(
  { session_id, user_id, accepted }: Pick<CancelRequest, 'session_id' | 'user_id' | 'accepted'>,
  { bus, config }: RequestDeps,
): Promise<CancelReply> {
  const request: CancelRequest = { session_id, user_id, by: 'user', accepted }
  const ask = () => bus.request(requests.cancel, request, { timeoutMs: config.EDGE_CANCEL_TIMEOUT_MS })
  const first = await ask()
  if (first.state !== 'unknown') return first
  await sleep(config.EDGE_ASK_AGAIN_MS, undefined, { ref: false })
  return ask()
}
