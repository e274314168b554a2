import { openBus, type Bus } from '@omni2/bus'
import { subjects, type PricesChange, type ServerFrame } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { priceUsage, type Prices } from '../src/prices.ts'
import { usualPrices } from './model-prices.ts'
import { openWorkerWorld, type WorkerWorld } from './worker-world.ts'

let world: WorkerWorld
let operator: Bus

beforeAll(async () => {
  world = await openWorkerWorld()
  operator = await openBus({
    user: 'console',
    name: 'test console',
    url: world.nats.urlFor('console'),
    connectDeadlineMs: 5000,
    log: openLogger({ name: 'test', instance: 'test', level: 'silent' }),
  })
})
afterAll(async () => {
  await operator[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

const usualModel = 'claude-sonnet-5-5'

/** As an operator does it: the row first, then the notice. */
async function setPrice(model: string, { input, output, cacheRead, cacheWrite }: Prices): Promise<void> {
  await world.database.query(
    `insert into omni2.model_prices (model, input, output, cache_read, cache_write, source, read_on)
     values ($1, $2, $3, $4, $5, 'a test', '2026-11-27')
     on conflict (model) do update set input = excluded.input, output = excluded.output,
       cache_read = excluded.cache_read, cache_write = excluded.cache_write, is_shipped = false`,
    [model, input, output, cacheRead, cacheWrite],
  )
  await announce(model)
}

async function removePrice(model: string): Promise<void> {
  await world.database.query('delete from omni2.model_prices where model = $1', [model])
  await announce(model)
}

async function announce(model: string): Promise<void> {
  operator.publish(subjects.controlOfPrices, JSON.stringify({ model } satisfies PricesChange))
  await operator.flush()
}

const readReadiness = async (url: string) => {
  const response = await fetch(`${url}/readyz`)
  return { status: response.status, text: await response.text() }
}

/** The usage in the row of an ended turn, at its price. */
async function costOf({ session_id }: ServerFrame, prices: Prices): Promise<number> {
  const [row] = await world.database.query<Record<'read' | 'cached' | 'written' | 'output', number>>(
    `select tokens_input as read, tokens_cache_read as cached, tokens_cache_write as written, tokens_output as output
     from omni2.turns where session_id = $1`,
    [session_id],
  )
  if (!row) throw new Error('the turn has no row')
  const { read, cached, written, output } = row
  const usage = { input: read - cached - written, cacheRead: cached, cacheWrite: written, output }
  return priceUsage({ ...usage, estimated: false }, prices)
}

const billOf = ({ result }: ServerFrame) => (result as { cost_usd: number }).cost_usd

const flat = (input: number, output: number): Prices => ({
  input,
  output,
  cacheRead: input,
  cacheWrite: input,
})

test('a model without a price - no turn is taken and the reason names the command, until the price is set', async () => {
  await using worker = await world.launchWorker({ MODEL: 'own-model' })
  const { url } = worker
  await expect
    .poll(() => readReadiness(url).catch(() => undefined), { timeout: 20_000 })
    .toEqual({
      status: 503,
      text: expect.stringContaining('npm run admin -- prices set own-model --input'),
    })
  const { ended, frames } = await world.send(world.makeTurn('Hello'))
  expect(frames).toEqual([])

  await setPrice('own-model', flat(3, 30))
  const end = await ended
  expect(end).toMatchObject({ type: 'done', result: { model: 'own-model' } })
  expect(billOf(end)).toBe(await costOf(end, flat(3, 30)))
  await expect.poll(async () => (await readReadiness(url)).status).toBe(200)
})

test('a price that changes or is removed - a running turn keeps its own, the next has the new one or waits', async () => {
  await using worker = await world.startWorker()
  const { url, log } = worker
  const running = await world.send(world.makeTurn('Slow [[sim tokens=40 pace=50]]'))
  await running.heard('token')
  await setPrice(usualModel, flat(20, 200))
  await log.waitFor(/"output":200,.*"price of the model"/)
  const [first, next] = [await running.ended, await (await world.send(world.makeTurn('Hello'))).ended]
  expect(billOf(first)).toBe(await costOf(first, usualPrices))
  expect(billOf(next)).toBe(await costOf(next, flat(20, 200)))

  await removePrice(usualModel)
  await log.waitFor(/the model has no price/)
  expect((await readReadiness(url)).status).toBe(503)
  // A pull that waited while the price was removed may get this turn.
  const waiting = await world.send(world.makeTurn('Hello again'))
  await setPrice(usualModel, flat(2, 10))
  const last = await waiting.ended
  expect(billOf(last)).toBe(await costOf(last, flat(2, 10)))
})

test('a change without a notice - is found after a while', async () => {
  await using worker = await world.startWorker({ MODEL_PRICE_MAX_AGE_MS: '1000' })
  await world.database.query(`update omni2.model_prices set output = 77 where model = $1`, [usualModel])
  await worker.log.waitFor(/"output":77,/)
  const end = await (await world.send(world.makeTurn('Hello'))).ended
  expect(billOf(end)).toBe(await costOf(end, flat(2, 77)))
})

test('MODEL_PRICES - is the price whatever the database says', async () => {
  await world.database.query('delete from omni2.model_prices')
  await using worker = await world.startWorker({ MODEL_PRICES: '1,2,3,4' })
  const end = await (await world.send(world.makeTurn('Hello'))).ended
  expect(billOf(end)).toBe(await costOf(end, { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 }))
  await worker.log.waitFor(/MODEL_PRICES is the price of the model/)
})
