import { listModelPrices } from '@omni2/db'
import { defineOperation } from '../request/operation.ts'
import { listOf } from '../schemas.ts'
import { priceSchema } from './price-schemas.ts'

export const listPrices = defineOperation({
  id: 'listPrices',
  method: 'GET',
  path: '/prices',
  summary: 'What models cost, with where and when each price was read.',
  answer: listOf(priceSchema),
  handle: async (_input, { database }) => ({ items: await listModelPrices(database) }),
})
