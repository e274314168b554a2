import { type CancelRequest, requests } from '@omni2/contracts'
import { findTurnUser } from '@omni2/db'
import { z } from 'zod'
import { ConsoleRefused } from '../console-refused.ts'
import { makeAct } from '../change/make-act.ts'
import { defineOperation, type RequestContext } from '../request/operation.ts'
import { changeOf, ofTurn } from '../schemas.ts'

const cancelSchema = z.object({
  /** `ended`: there was nothing to cancel any more. */
  state: z.enum(['requested', 'ended']),
})

export const cancelTurn = defineOperation({
  id: 'cancelTurn',
  method: 'POST',
  path: '/turns/{session_id}/cancel',
  summary: 'Stops a turn, its model call and its tools; it ends with `cancelled` and what it cost.',
  params: ofTurn,
  answer: changeOf(cancelSchema),
  handle: async ({ params: { session_id } }, context) => {
    const userId = await findTurnUser(session_id, context.database)
    if (userId === undefined) throw new ConsoleRefused('not_found', { text: 'There is no such turn.' })
    return makeAct(
      {
        action: 'turn.cancel',
        target: { type: 'turn', id: session_id },
        before: null,
        act: () => requestCancel(session_id, userId, context),
      },
      context,
    )
  },
})

async function requestCancel(
  session_id: string,
  user_id: number,
  { bus, config }: Pick<RequestContext, 'bus' | 'config'>,
): Promise<z.infer<typeof cancelSchema>> {
  const request = { session_id, user_id, by: 'operator', accepted: false } satisfies CancelRequest
  const options = { timeoutMs: config.CONSOLE_CANCEL_TIMEOUT_MS }
  const { state } = await bus.request(requests.cancel, request, options)
  if (state === 'unknown') throw new ConsoleRefused('not_found', { text: 'There is no such turn.' })
  return { state }
}
