import { cancelReplySchema, subjects, type CancelReply, type CancelRequest } from '@omni2/contracts'
import { findTurnUser } from '@omni2/db'
import { z } from 'zod'
import { ConsoleRefused } from '../console-refused.ts'
import { makeChange } from '../make-change.ts'
import { defineOperation, type RequestContext } from '../operation.ts'
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
  handle: ({ params: { session_id } }, context) => {
    let reply: z.infer<typeof cancelSchema> | null = null
    return makeChange(
      {
        action: 'turn.cancel',
        target: { type: 'turn', id: session_id },
        read: async () => reply,
        write: async (_before, transaction) => {
          const userId = await findTurnUser(session_id, transaction)
          if (userId === undefined) throw new ConsoleRefused('not_found')
          const { state } = await requestCancel(session_id, userId, context)
          if (state === 'unknown') throw new ConsoleRefused('not_found')
          reply = { state }
        },
        announce: () => [],
      },
      context,
    )
  },
})

function requestCancel(
  session_id: string,
  user_id: number,
  { bus, config }: Pick<RequestContext, 'bus' | 'config'>,
): Promise<CancelReply> {
  const request = { session_id, user_id, by: 'operator', accepted: false } satisfies CancelRequest
  const options = { reply: cancelReplySchema, timeoutMs: config.CONSOLE_CANCEL_TIMEOUT_MS }
  return bus.request(subjects.cancel, request, options)
}
