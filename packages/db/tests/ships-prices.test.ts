import { shippedPrices } from '@omni2/contracts'
import { deleteModelPrice, listModelPrices, loadModelPrice, openDatabase, saveModelPrice } from '@omni2/db'
import { migrateUp } from '@omni2/migrations'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openEmptyDatabase } from './open-empty-database.ts'

let empty: Awaited<ReturnType<typeof openEmptyDatabase>>
let database: ReturnType<typeof openDatabase>

beforeAll(async () => {
  empty = await openEmptyDatabase()
  await migrateUp(empty.url)
  database = openDatabase({
    url: empty.url,
    poolMax: 2,
    applicationName: 'test',
    statementTimeoutMs: 10_000,
    onPoolError: () => {},
  })
})
afterAll(async () => {
  await database[Symbol.asyncDispose]()
  await empty[Symbol.asyncDispose]()
})

const [shipped] = shippedPrices
if (!shipped) throw new Error('no price is shipped')

test('up - brings every shipped price with its source and date', async () => {
  const stored = await listModelPrices(database)
  const byModel = (one: { model: string }, other: { model: string }) => one.model.localeCompare(other.model)
  expect(stored.toSorted(byModel)).toMatchObject(shippedPrices.toSorted(byModel))
  expect(stored.every(({ is_shipped }) => is_shipped)).toBe(true)
})

test('up - leaves the price of an operator, and one of a model that is not shipped', async () => {
  const own = { ...shipped, input: 123.45, source: 'our contract', read_on: '2020-01-31' }
  await saveModelPrice(own, database)
  await saveModelPrice({ ...own, model: 'own-model' }, database)
  expect((await migrateUp(empty.url)).priced).toBeUndefined()
  expect(await loadModelPrice(shipped.model, database)).toMatchObject({ ...own, is_shipped: false })
  expect(await loadModelPrice('own-model', database)).toMatchObject({ input: 123.45 })
})

test('up - brings a price again that is not there, and one that was read before', async () => {
  await deleteModelPrice(shipped.model, database)
  expect(await loadModelPrice(shipped.model, database)).toBeUndefined()
  expect((await migrateUp(empty.url)).priced).toEqual([shipped.model])
  await empty.query(`update omni2.model_prices set input = 1, read_on = '2020-01-01' where model = $1`, [
    shipped.model,
  ])
  expect((await migrateUp(empty.url)).priced).toEqual([shipped.model])
  expect(await loadModelPrice(shipped.model, database)).toMatchObject(shipped)
})

test('up - leaves a shipped price that was read later, by a newer version', async () => {
  await empty.query(`update omni2.model_prices set input = 1, read_on = '2999-01-01' where model = $1`, [
    shipped.model,
  ])
  expect((await migrateUp(empty.url)).priced).toBeUndefined()
  expect(await loadModelPrice(shipped.model, database)).toMatchObject({ input: 1 })
})
