import { listWelcomes as selectWelcomes } from '@omni2/db'
import { defineOperation } from '../request/operation.ts'
import { makePage, idCursor, pageOf, pageQuery } from '../schemas.ts'
import { welcomeSchema } from './welcome-schemas.ts'

export const listWelcomes = defineOperation({
  id: 'listWelcomes',
  method: 'GET',
  path: '/welcomes',
  summary: 'Welcome texts: a user’s own, else the role’s, else the default is shown.',
  query: pageQuery(idCursor, {}),
  answer: pageOf(welcomeSchema),
  handle: async ({ query }, { database }) => {
    const rows = await selectWelcomes({ after: query.cursor, limit: query.limit }, database)
    const { items, next_cursor } = makePage(rows, query, ({ id }) => String(id))
    return { items: items.map(({ id: _id, ...welcome }) => welcome), next_cursor }
  },
})
