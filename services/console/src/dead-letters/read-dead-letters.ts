import { defineOperation } from '../request/operation.ts'
import { makePage, numberCursor, pageOf, pageQuery } from '../schemas.ts'
import { letterSchema, listedLetterSchema, ofLetter } from './dead-letter-schemas.ts'
import { describeLetter, describeWhole, findLetter, listLetters } from './stored-dead-letters.ts'

export const listDeadLetters = defineOperation({
  id: 'listDeadLetters',
  method: 'GET',
  path: '/dead-letters',
  summary: 'Messages that no service could use, oldest first, without their payload.',
  query: pageQuery(numberCursor, {}),
  answer: pageOf(listedLetterSchema),
  handle: async ({ query }, { letters }) => {
    const found = await listLetters({ after: query.cursor ?? 0, limit: query.limit }, letters)
    return makePage(found.map(describeLetter), query, ({ seq }) => String(seq))
  },
})

export const getDeadLetter = defineOperation({
  id: 'getDeadLetter',
  method: 'GET',
  path: '/dead-letters/{seq}',
  summary: 'A message that no service could use, with its payload.',
  params: ofLetter,
  answer: letterSchema,
  handle: async ({ params: { seq } }, { letters }) => describeWhole(await findLetter(seq, letters)),
})
