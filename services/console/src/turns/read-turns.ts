import { listLiveTurns, loadTurnDetails, type TurnCursor } from '@omni2/db'
import { z } from 'zod'
import { ConsoleRefused } from '../console-refused.ts'
import { defineOperation } from '../operation.ts'
import { makePage, notACursor, ofTurn, pageOf, pageQuery, userId } from '../schemas.ts'
import { listedTurnSchema, turnSchema } from './turn-schemas.ts'

const turnCursor = z
  .string()
  .regex(/^\d{1,18}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, notACursor)
  .transform((cursor): TurnCursor => {
    const [acceptedAt = '', sessionId = ''] = cursor.split('_')
    return { acceptedAt, sessionId }
  })

export const listTurns = defineOperation({
  id: 'listTurns',
  method: 'GET',
  path: '/turns',
  summary: 'Turns that wait or run, oldest first.',
  query: pageQuery(turnCursor, { user_id: userId.optional() }),
  answer: pageOf(listedTurnSchema),
  handle: async ({ query }, { database }) => {
    const { user_id: ofUser, cursor: after, limit } = query
    const rows = await listLiveTurns({ userId: ofUser }, { after, limit }, database)
    const page = makePage(rows, query, (turn) => `${turn.accepted_at_us}_${turn.session_id}`)
    return { ...page, items: page.items.map(({ accepted_at_us: _place, ...turn }) => turn) }
  },
})

export const getTurn = defineOperation({
  id: 'getTurn',
  method: 'GET',
  path: '/turns/{session_id}',
  summary: 'A turn with what was said and what it took.',
  params: ofTurn,
  answer: turnSchema,
  handle: async ({ params: { session_id } }, { database }) => {
    const turn = await loadTurnDetails(session_id, database)
    if (turn === undefined) throw new ConsoleRefused('not_found', { text: 'There is no such turn.' })
    return turn
  },
})
