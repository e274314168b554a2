import type { TurnMessage } from '@omni2/contracts'
import { openFaultProxy, openTestRedis, type TestProcess } from '@omni2/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sumModelCost } from './model-prices.ts'
import { openWorkerWorld, userId, type FollowedTurn, type WorkerWorld } from './worker-world.ts'

const turnsAtOnce = 200
const otherId = 3
const pricedId = 4
/** Longest reply: the turns below use all of it. */
const maxTokens = 200

let world: WorkerWorld
let redisProxy: Awaited<ReturnType<typeof openFaultProxy>>
const workers = new Map<string, TestProcess>()
const stack = new AsyncDisposableStack()

beforeAll(async () => {
  world = stack.use(await openWorkerWorld())
  await world.database.query(
    `insert into auth_service.users (id, username, name, role_id, active) values (${pricedId}, 'priced', 'Priced', 1, true)`,
  )
  const redis = stack.use(await openTestRedis())
  const redisUrl = new URL(redis.url)
  redisProxy = stack.use(await openFaultProxy({ targetPort: Number(redisUrl.port) }))
  redisUrl.port = String(redisProxy.port)
  const env = { MODEL_MAX_TOKENS: String(maxTokens), REDIS_URL: redisUrl.href, SWEEP_INTERVAL_MS: '1000' }
  const names = ['one', 'two', 'three', 'four']
  await Promise.all(
    names.map(async (name) => workers.set(name, await world.startWorker({ ...env, INSTANCE_NAME: name }))),
  )
})
afterAll(() => stack.disposeAsync())

const makeTurnOf = (user_id: number, text: string): TurnMessage =>
  world.makeTurn(text, { identity: { ...world.makeTurn('').identity, user_id } })

/** Texts of the same length, so that every turn costs the same. */
const sendMany = (user: number, directive: string): Promise<FollowedTurn[]> =>
  Promise.all(
    Array.from({ length: turnsAtOnce }, (_item, index) =>
      world.send(makeTurnOf(user, `Turn ${String(index).padStart(4, '0')} ${directive}`)),
    ),
  )

const countStarted = (turns: readonly FollowedTurn[]): number =>
  turns.filter(({ frames }) => frames.some(({ type }) => type === 'started')).length

const countReservations = async (): Promise<unknown> =>
  (await world.database.query('select count(*)::int as count from omni2.usage_reservations'))[0]?.['count']

/** What the model server counted for a user, in USD. */
const sumCostOf = (user: number): number =>
  sumModelCost(world.model.log.list({ metadataUserId: String(user) }))

test('of 200 turns at once exactly as many requests are admitted as a period allows, also while Redis goes away', async () => {
  await world.database.query(
    'insert into omni2.user_usage_limits (user_id, period_days, max_requests) values ($1, 7, 10)',
    [otherId],
  )
  const turns = await sendMany(otherId, '[[sim tokens=20 pace=5]]')
  redisProxy.dropAll()
  const ends = await Promise.all(turns.map(({ ended }) => ended))
  expect(countStarted(turns)).toBe(10)
  expect(ends.filter(({ type }) => type === 'done')).toHaveLength(10)
  const refusals = ends.filter(({ type }) => type === 'error')
  expect(refusals).toHaveLength(turnsAtOnce - 10)
  for (const refusal of refusals)
    expect(refusal).toMatchObject({
      code: 'request_limit',
      limit_kind: 'requests_period',
      limit: 10,
      used: 10,
    })
  expect(world.model.log.list({ metadataUserId: String(otherId) })).toHaveLength(10)
  expect(await countReservations()).toBe(0)
})

test('a budget for 10 replies admits 10 of 200 turns at once and is not passed, though a worker dies midway', async () => {
  const directive = `[[sim tokens=${maxTokens} pace=25]]`
  const first = await (await world.send(makeTurnOf(pricedId, `Turn 0000 ${directive}`))).ended
  if (first.type !== 'done') throw new Error(`ended with ${first.type}`)
  // As exact as the column.
  const budget = Math.ceil(first.result.cost_usd * 10 * 1e4) / 1e4
  await world.database.query(
    'insert into omni2.user_usage_limits (user_id, period_days, max_cost) values ($1, 1, $2)',
    [userId, budget],
  )
  const turns = await sendMany(userId, directive)
  await Promise.any(turns.map(({ heard }) => heard('token')))
  const [running] = await world.database.query(
    `select claimed_by from omni2.turns where user_id = $1 and status = 'running' limit 1`,
    [userId],
  )
  workers.get(String(running?.['claimed_by']))?.kill('SIGKILL')
  const ends = await Promise.all(turns.map(({ ended }) => ended))
  const refusals = ends.filter(({ type }) => type === 'error')
  for (const refusal of refusals)
    expect(refusal).toMatchObject({ code: 'cost_limit', limit_kind: 'cost_period', limit: budget })
  // A worker may die before it publishes that a turn runs: the rows show which turns were admitted.
  const [row] = await world.database.query(
    `select sum(coalesce(cost_usd, 0) + abandoned_cost_usd)::float8 as spent,
       count(*) filter (where status = 'done' or abandoned_cost_usd > 0)::int as admitted,
       count(*) filter (where abandoned_cost_usd > 0)::int as died
     from omni2.turns where user_id = $1`,
    [userId],
  )
  expect(row?.['admitted']).toBe(10)
  expect(row?.['died']).toBeGreaterThan(0)
  expect(Number(row?.['spent'])).toBeLessThanOrEqual(budget)
  expect(sumCostOf(userId)).toBeLessThanOrEqual(budget)
  expect(Number(row?.['spent'])).toBeGreaterThanOrEqual(sumCostOf(userId) - 1e-8)
  expect(await countReservations()).toBe(0)
})
