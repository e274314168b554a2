import {
  listLiveTurns,
  listTurnEvents,
  listUserTurns as selectUserTurns,
  loadTurnDetails,
  type TurnCursor,
} from '@omni2/db'
import { z } from 'zod'
import { ConsoleRefused } from '../console-refused.ts'
import { defineOperation } from '../request/operation.ts'
import { makePage, notACursor, ofTurn, ofUser, pageOf, pageQuery, userId } from '../schemas.ts'
import { findAccount } from '../request/find-account.ts'
import { listedTurnSchema, takenTurnSchema, turnSchema } from './turn-schemas.ts'

const turnCursor = z
  .string()
  .regex(/^\d{1,18}_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, notACursor)
  .transform((cursor): TurnCursor => {
    const [acceptedAt = '', turnId = ''] = cursor.split('_')
    return { acceptedAt, turnId }
  })

export const listTurns = defineOperation({
  id: 'listTurns',
  method: 'GET',
  path: '/turns',
  summary: 'Turns that wait or run, oldest first.',
  query: pageQuery(turnCursor, { user_id: userId.optional() }),
  answer: pageOf(listedTurnSchema),
  handle: async ({ query }, { database }) => {
    const { cursor: after, limit } = query
    return makeTurnPage(await listLiveTurns({ userId: query.user_id }, { after, limit }, database), query)
  },
})

export const listUserTurns = defineOperation({
  id: 'listUserTurns',
  method: 'GET',
  path: '/users/{user_id}/turns',
  summary: 'Turns of a user, ended ones too, newest first.',
  params: ofUser,
  query: pageQuery(turnCursor, {}),
  answer: pageOf(takenTurnSchema),
  handle: async ({ params, query }, { database }) => {
    const { cursor: after, limit } = query
    await findAccount(params.user_id, database)
    return makeTurnPage(await selectUserTurns(params.user_id, { after, limit }, database), query)
  },
})

/** A page without the places of its turns. */
function makeTurnPage<T extends { accepted_at_us: string; session_id: string }>(
  rows: readonly T[],
  query: { limit: number },
) {
  const page = makePage(rows, query, (turn) => `${turn.accepted_at_us}_${turn.session_id}`)
  return { ...page, items: page.items.map(({ accepted_at_us: _place, ...turn }) => turn) }
}

/** Checkpoints of a turn that are shown; ten rounds of tools have some four hundred. */
const mostEvents = 2000

export const getTurn = defineOperation({
  id: 'getTurn',
  method: 'GET',
  path: '/turns/{session_id}',
  summary: 'A turn with what was said, what it took and its checkpoints.',
  params: ofTurn,
  answer: turnSchema,
  handle: async ({ params: { session_id } }, { database }) => {
    const turn = await loadTurnDetails(session_id, database)
    if (turn === undefined) throw new ConsoleRefused('not_found', { text: 'There is no such turn.' })
    return { ...turn, events: await listTurnEvents(session_id, { limit: mostEvents }, database) }
  },
})
