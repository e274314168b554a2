import type { ServerResponse } from 'node:http'
import type { Bus } from '@omni2/bus'
import type { CancelAnswer, Identity } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import type { EdgeConfig } from '../config.ts'
import type { EdgeMetrics } from '../metrics.ts'
import { requestCancel } from '../turn/request-cancel.ts'
import { RequestRefused } from './request-refused.ts'

export interface CancelDeps {
  readonly bus: Pick<Bus, 'request'>
  /** Turns that are answered here now, with their users: these exist, even if they have no row yet. */
  readonly answering: ReadonlyMap<string, number>
  readonly config: Pick<EdgeConfig, 'EDGE_CANCEL_TIMEOUT_MS' | 'EDGE_ASK_AGAIN_MS'>
  readonly metrics: Pick<EdgeMetrics, 'answers'>
  readonly log: Logger
}

const statuses = { requested: 202, ended: 200 } as const

/** Cancels a turn: 202 once the request is recorded, 200 for a turn that has ended; the same when repeated. */
export async function cancelAnswer(
  turnId: string,
  response: ServerResponse,
  { user_id }: Identity,
  deps: CancelDeps,
): Promise<void> {
  const accepted = deps.answering.get(turnId) === user_id
  const { state } = await requestCancel({ session_id: turnId, user_id, accepted }, deps).catch(
    (cause: unknown) => {
      throw new RequestRefused('unavailable', { cause })
    },
  )
  if (state === 'unknown') throw new RequestRefused('not_found')
  deps.log.info({ session_id: turnId, user_id, state }, 'cancel asked for')
  deps.metrics.answers.add(1, { result: 'complete' })
  response
    .writeHead(statuses[state], {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(`${JSON.stringify({ session_id: turnId, status: state } satisfies CancelAnswer)}\n`)
}
