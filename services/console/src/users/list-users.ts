import { listUsers as selectUsers } from '@omni2/db'
import { defineOperation } from '../request/operation.ts'
import { makePage, name, idCursor, pageOf, pageQuery, text } from '../schemas.ts'
import { listedUserSchema } from './user-schemas.ts'

export const listUsers = defineOperation({
  id: 'listUsers',
  method: 'GET',
  path: '/users',
  summary: 'Users by id; `search` is a part of username, name or e-mail address.',
  query: pageQuery(idCursor, { search: text(100).optional(), role: name(50).optional() }),
  answer: pageOf(listedUserSchema),
  handle: async ({ query }, { database }) => {
    const { search, role, cursor: after, limit } = query
    const users = await selectUsers({ search, role }, { after, limit }, database)
    return makePage(users, query, ({ id }) => String(id))
  },
})
