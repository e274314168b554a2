import { makeConversationId } from '@omni2/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startConsole, users, type ConsoleUnderTest } from './start-console.ts'

let admin: ConsoleUnderTest

beforeAll(async () => {
  admin = await startConsole()
  await addTurns()
})
afterAll(() => admin[Symbol.asyncDispose]())

interface Spent {
  readonly user: number
  readonly model: string | null
  readonly at: string
  readonly tokens?: readonly [input: number, cached: number, output: number]
  readonly cost?: number
  readonly abandoned?: readonly [tokens: number, usd: number]
  readonly admitted?: boolean
}

async function addTurn({
  user,
  model,
  at,
  tokens = [10, 4, 2],
  cost = 0.5,
  abandoned = [0, 0],
  admitted = true,
}: Spent) {
  await admin.database.query(
    `insert into omni2.turns (session_id, user_id, source, user_text, status, attempt, created_at, ended_at, model,
       tokens_input, tokens_cache_read, tokens_output, cost_usd, abandoned_tokens, abandoned_cost_usd, was_admitted)
     values ($1, $2, 'ws', 'hello', 'done', 1, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [makeConversationId(), user, at, model, ...tokens, cost, ...abandoned, admitted],
  )
}

async function addTurns(): Promise<void> {
  await addTurn({ user: users.vera, model: 'b_1', at: '2026-11-20T23:59:59.999Z' })
  await addTurn({ user: users.vera, model: 'b_1', at: '2026-11-20T00:00:00.000Z' })
  await addTurn({ user: users.vera, model: 'a', at: '2026-11-20T12:00:00.000Z', cost: 0.25 })
  await addTurn({ user: users.vera, model: 'a', at: '2026-11-21T00:00:00.000Z' })
  await addTurn({ user: users.sue, model: 'a', at: '2026-11-20T12:00:00.000Z' })
  // Lost with its worker, and refused: one counts by what it may have spent, the other not at all.
  await addTurn({
    user: users.ada,
    model: null,
    at: '2026-11-20T12:00:00Z',
    tokens: [0, 0, 0],
    cost: 0,
    abandoned: [70, 0.1],
  })
  await addTurn({
    user: users.oli,
    model: null,
    at: '2026-11-20T12:00:00Z',
    tokens: [0, 0, 0],
    cost: 0,
    admitted: false,
  })
}

const read = async (query: string) => (await admin.call('GET', `/usage?${query}`, { as: 'oli' })).body

const place = ({ day, username, model }: Record<string, unknown>) =>
  `${String(day)} ${String(username)} ${String(model)}`

const everything = 'since=2026-11-01&until=2026-11-30'

test('usage - is summed by UTC day, user and model, with everything together', async () => {
  const { items, total, next_cursor } = await read(everything)
  expect(items.map(place)).toEqual([
    '2026-11-21 vera a',
    '2026-11-20 ada null',
    '2026-11-20 sue a',
    '2026-11-20 vera a',
    '2026-11-20 vera b_1',
  ])
  expect(items[4]).toEqual({
    day: '2026-11-20',
    user_id: users.vera,
    username: 'vera',
    model: 'b_1',
    requests: 2,
    tokens_input: 20,
    tokens_cached: 8,
    tokens_output: 4,
    tokens_abandoned: 0,
    cost_usd: 1,
  })
  expect(items[1]).toMatchObject({ requests: 1, tokens_abandoned: 70, cost_usd: 0.1 })
  expect(total).toEqual({
    requests: 6,
    tokens_input: 50,
    tokens_cached: 20,
    tokens_output: 10,
    tokens_abandoned: 70,
    cost_usd: 2.35,
  })
  expect(next_cursor).toBeNull()
})

test('usage - in pages of any size - is the same, and the total is of all', async () => {
  const whole = await read(everything)
  const found: unknown[] = []
  let cursor = ''
  for (;;) {
    const page = await read(`${everything}&limit=2${cursor}`)
    found.push(...page.items)
    expect(page.total).toEqual(whole.total)
    if (page.next_cursor === null) break
    cursor = `&cursor=${encodeURIComponent(page.next_cursor)}`
  }
  expect(found).toEqual(whole.items)
})

test('usage - of a user, from a day on, up to a day', async () => {
  const { items, total } = await read(`${everything}&user_id=${users.vera}`)
  expect([items.length, total.requests]).toEqual([3, 4])
  expect((await read('since=2026-11-21&until=2026-11-30')).items.map(place)).toEqual(['2026-11-21 vera a'])
  expect((await read('since=2026-11-01&until=2026-11-20')).total.requests).toBe(5)
})

test('usage - what counts is what limits count', async () => {
  await addTurn({ user: users.ina, model: 'a', at: new Date().toISOString(), abandoned: [5, 0.01] })
  const { usage_today } = (await admin.call('GET', `/users/${users.ina}`)).body
  const { total } = await read(`user_id=${users.ina}`)
  expect(usage_today).toEqual({
    requests: total.requests,
    tokens: total.tokens_input + total.tokens_output + total.tokens_abandoned,
    cost_usd: total.cost_usd,
  })
})

test.each(['since=yesterday', 'since=2026-02-30', 'until=7d'])('usage?%s - is refused', async (query) => {
  expect(await admin.call('GET', `/usage?${query}`)).toMatchObject({
    status: 422,
    body: { code: 'invalid_input' },
  })
})

test('usage - a cursor of another list is refused', async () => {
  expect(await admin.call('GET', '/usage?cursor=12')).toMatchObject({
    status: 400,
    body: { code: 'invalid_cursor' },
  })
})
