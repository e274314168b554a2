import type { ModelPrice } from '@omni2/contracts'
import { deleteModelPrice, loadModelPrice, saveModelPrice, type StoredPrice } from '@omni2/db'
import type { z } from 'zod'
import type { ChangeAction } from '../change-actions.ts'
import { ConsoleRefused } from '../console-refused.ts'
import { makeChange, type Change } from '../change/make-change.ts'
import { mergeGiven } from '../change/merge-given.ts'
import { defineOperation, type RequestContext } from '../request/operation.ts'
import { changeOf } from '../schemas.ts'
import { ofModel, priceChangeSchema, priceSchema } from './price-schemas.ts'

export const setPrice = defineOperation({
  id: 'setPrice',
  creates: true,
  method: 'PATCH',
  path: '/prices/{model}',
  summary:
    'Sets what a model costs, from the next turn on; what is not given stays, a new price needs all four.',
  versioned: true,
  params: ofModel,
  body: priceChangeSchema,
  answer: changeOf(priceSchema),
  handle: ({ params: { model }, body }, context) =>
    makeChange(
      {
        ...changeOfPrice(model, 'price.set'),
        write: (before, transaction) => saveModelPrice(makePrice(model, before, body, context), transaction),
      },
      context,
    ),
})

export const deletePrice = defineOperation({
  id: 'deletePrice',
  method: 'DELETE',
  path: '/prices/{model}',
  summary:
    'Takes a price away; workers of that model take no more turns. A shipped one is back after the next migration.',
  params: ofModel,
  answer: changeOf(priceSchema),
  handle: ({ params: { model } }, context) =>
    makeChange(
      {
        ...changeOfPrice(model, 'price.delete'),
        write: async (before, transaction) => {
          if (!before) throw new ConsoleRefused('not_found', { text: `There is no price of ${model}.` })
          await deleteModelPrice(model, transaction)
        },
      },
      context,
    ),
})

const changeOfPrice = (model: string, action: ChangeAction): Omit<Change<StoredPrice>, 'write'> => ({
  action,
  target: { type: 'price', id: model },
  read: async (transaction) => (await loadModelPrice(model, transaction)) ?? null,
  announce: () => [{ model }],
})

const amounts = ['input', 'output', 'cache_read', 'cache_write'] as const

/**
 * Without a source and a day, a price does not keep those of the price before: its source is the operator, its day
 * today.
 */
function makePrice(
  model: string,
  before: StoredPrice | null,
  given: z.infer<typeof priceChangeSchema>,
  { actor }: Pick<RequestContext, 'actor'>,
): ModelPrice {
  const price = mergeGiven<Partial<ModelPrice>>(before ?? {}, given)
  const { input, output, cache_read, cache_write } = price
  if (input === undefined || output === undefined || cache_read === undefined || cache_write === undefined) {
    const problems = amounts
      .filter((amount) => price[amount] === undefined)
      .map((amount) => ({ path: `body.${amount}`, message: 'goes with the first price of a model' }))
    throw new ConsoleRefused('invalid_input', { fields: { problems } })
  }
  const { source = `set by ${actor.username}`, read_on = new Date().toISOString().slice(0, 10) } = given
  return { model, input, output, cache_read, cache_write, source, read_on }
}
