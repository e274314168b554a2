import { randomUUID } from 'node:crypto'
import { openTestDatabase } from '@omni2/testkit'
import { migrateUp } from '@omni2/migrations'
import fc from 'fast-check'
import { expect, test } from 'vitest'

/** What the table must hold: the sums over the turns themselves. */
const expected = `
  select user_id, (ended_at at time zone 'UTC')::date::text as day, coalesce(model, '') as model,
    count(*) filter (where was_admitted)::int as requests, sum(coalesce(tokens_input, 0))::int as tokens_input,
    sum(coalesce(tokens_output, 0))::int as tokens_output, sum(coalesce(tokens_cache_read, 0))::int as tokens_cached,
    sum(abandoned_tokens)::int as tokens_abandoned,
    sum(coalesce(cost_usd, 0) + abandoned_cost_usd)::float8 as cost_usd
  from omni2.turns where ended_at is not null group by 1, 2, 3`

const counted = `
  select user_id, day::text, model, requests::int, tokens_input::int, tokens_output::int, tokens_cached::int,
    tokens_abandoned::int, cost_usd::float8 from omni2.usage_days`

/** Rows without usage aside: they may stand in one of the two. */
const differences = `
  with expected as (${expected}), counted as (${counted})
  select * from (
    (select 'missing' as what, * from expected except select 'missing', * from counted)
    union all (select 'wrong', * from counted except select 'wrong', * from expected)
  ) difference
  where (requests, tokens_input, tokens_output, tokens_abandoned, cost_usd) <> (0, 0, 0, 0, 0)`

const days = ['2026-11-19T23:59:59.999Z', '2026-11-20T00:00:00.000Z', '2026-11-20T12:00:00.000Z'] as const
const amount = fc.option(fc.integer({ min: 0, max: 50 }))
const turn = fc.record({
  user: fc.integer({ min: 1, max: 2 }),
  ended: fc.option(fc.constantFrom(...days)),
  model: fc.option(fc.constantFrom('a', 'b')),
  admitted: fc.boolean(),
  input: amount,
  output: amount,
  cached: amount,
  abandoned: fc.integer({ min: 0, max: 9 }),
  cost: amount,
})
/** Adds a turn, changes one, or deletes one. */
const step = fc.record({ act: fc.constantFrom('add', 'change', 'delete'), at: fc.nat(20), turn })

test('usage of days - is what the turns say, whatever is added, changed and deleted', async () => {
  await using database = await openTestDatabase()
  await database.query(
    `insert into auth_service.users (id, username, name) values (1, 'ada', 'Ada'), (2, 'bob', 'Bob')`,
  )
  const write = (
    id: string,
    { user, ended, model, admitted, input, output, cached, abandoned, cost }: Turn,
  ) =>
    database.query(
      `insert into omni2.turns (session_id, user_id, source, user_text, status, ended_at, model, was_admitted,
         tokens_input, tokens_output, tokens_cache_read, abandoned_tokens, cost_usd, abandoned_cost_usd)
       values ($1, $2, 'ws', '', case when $3::timestamptz is null then 'running' else 'done' end, $3, $4, $5, $6, $7,
         $8, $9::int, $10::int / 100.0, $9::int / 7.0)
       on conflict (session_id) do update set user_id = excluded.user_id, status = excluded.status,
         ended_at = excluded.ended_at, model = excluded.model, was_admitted = excluded.was_admitted,
         tokens_input = excluded.tokens_input, tokens_output = excluded.tokens_output,
         tokens_cache_read = excluded.tokens_cache_read, abandoned_tokens = excluded.abandoned_tokens,
         cost_usd = excluded.cost_usd, abandoned_cost_usd = excluded.abandoned_cost_usd`,
      [id, user, ended, model, admitted, input, output, cached, abandoned, cost],
    )
  const check = fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
    await database.query('delete from omni2.turns')
    const ids: string[] = []
    for (const { act, at, turn: values } of steps) {
      const id = act === 'add' ? randomUUID() : ids[at % ids.length]
      if (id === undefined) continue
      if (act === 'add') ids.push(id)
      await (act === 'delete'
        ? database.query('delete from omni2.turns where session_id = $1', [id])
        : write(id, values))
    }
    expect(await database.query(differences)).toEqual([])
  })
  await fc.assert(check, { numRuns: 60 })
})

type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never

test('usage of days - turns that ended before the table was there are counted when it is made', async () => {
  await using database = await openTestDatabase()
  await database.query(`insert into auth_service.users (id, username, name) values (1, 'ada', 'Ada')`)
  await database.query(
    `insert into omni2.turns (session_id, user_id, source, user_text, status, ended_at, was_admitted, cost_usd)
     select gen_random_uuid(), 1, 'ws', '', 'done', '2026-11-20', true, 0.5 from generate_series(1, 3)`,
  )
  await database.query('delete from omni2.usage_days')
  await database.query(`delete from omni2.kysely_migration where name >= '0031'`)
  await migrateUp(database.url, database.url)
  expect(
    await database.query(`select user_id, day::text, requests::int, cost_usd::float8 from omni2.usage_days`),
  ).toEqual([{ user_id: 1, day: '2026-11-20', requests: 3, cost_usd: 1.5 }])
})
