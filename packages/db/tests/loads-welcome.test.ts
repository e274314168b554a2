import { randomUUID } from 'node:crypto'
import type { TurnStatus } from '@omni2/contracts'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, loadUsageToday, loadWelcome, type Welcome } from '../src/index.ts'
import { insertSession } from './insert-session.ts'
import { openMigratedDatabase } from './open-migrated-database.ts'

let database: Database

beforeAll(async () => {
  database = await openMigratedDatabase()
  await sql`
    insert into auth_service.roles (id, name, mcp_access, tool_restrictions, rate_limit, cost_limit_daily) values
      (1, 'admin', '{*}', '{}', 1000, null), (2, 'viewer', null, '"odd"', null, 0);
    insert into auth_service.users (id, username, name, role_id, active, rate_limit_override) values
      (1, 'ada', 'Ada', 1, true, 7), (2, 'bob', 'Bob', 1, true, null), (3, 'eve', 'Eve', 2, false, null),
      (4, 'new', 'New', null, true, null);
    insert into omni2.user_blocks (user_id, is_blocked, block_reason, custom_block_message, blocked_services) values
      (3, true, 'abuse', 'Please call us', '{chat}');
    insert into omni2.chat_welcome_config (config_type, target_id, welcome_message, show_usage_info) values
      ('user', 1, 'welcome, Ada', false), ('role', 1, 'welcome, admins', true), ('user', null, 'for no user', true),
      ('superseded_default', 1, 'an old default', true);
    update omni2.chat_welcome_config set welcome_message = 'the default' where config_type = 'default';
    insert into omni2.omni2_config (config_key, config_value) values ('limits.default', '{"cost_daily": 3}');
  `.execute(database.db)
})
afterAll(() => database[Symbol.asyncDispose]())

const welcome = (userId: number, sid: string = randomUUID()): Promise<Welcome | undefined> =>
  loadWelcome({ userId, sid }, database)

test('a user with everything set - all of it, as it is in the tables', async () => {
  const sid = randomUUID()
  await insertSession({ sid, userId: 1, expiresAt: new Date(Date.now() + 60_000) }, database)
  expect(await welcome(1, sid)).toEqual({
    user_id: 1,
    username: 'ada',
    name: 'Ada',
    active: true,
    login_state: 'live',
    role_id: 1,
    role_name: 'admin',
    mcp_access: ['*'],
    tool_restrictions: {},
    rate_limit: 1000,
    rate_limit_override: 7,
    cost_limit_daily: null,
    is_blocked: null,
    blocked_services: null,
    block_reason: null,
    custom_block_message: null,
    welcome_message: 'welcome, Ada',
    show_usage_info: false,
    now: expect.any(Date),
    default_limits: { cost_daily: 3 },
    user_limits: null,
    usage: [{ days: 1, requests: 0, tokens: 0, cost_usd: 0 }],
    live: { running: 0, cost_usd: 0, tokens: 0, own: null },
  })
})

test('the welcome - is the user’s, else the role’s, else the default', async () => {
  expect((await welcome(1))?.welcome_message).toBe('welcome, Ada')
  expect((await welcome(2))?.welcome_message).toBe('welcome, admins')
  expect((await welcome(3))?.welcome_message).toBe('the default')
  expect((await welcome(4))?.welcome_message).toBe('the default')
})

test('a blocked and inactive user - shows in its rows; an unknown one is undefined', async () => {
  expect(await welcome(3)).toMatchObject({
    active: false,
    login_state: 'unknown',
    is_blocked: true,
    blocked_services: ['chat'],
    block_reason: 'abuse',
    custom_block_message: 'Please call us',
    cost_limit_daily: '0.00',
    tool_restrictions: 'odd',
    mcp_access: null,
  })
  expect(await welcome(4)).toMatchObject({ role_id: null, role_name: null, rate_limit: null })
  expect(await welcome(99)).toBeUndefined()
})

test('used - what ended in each period, dead attempts included; only turns that were admitted are requests', async () => {
  const insertTurn = (status: TurnStatus, endedAt: string | null, values = {}) =>
    database.db
      .insertInto('omni2.turns')
      .values({
        session_id: randomUUID(),
        user_id: 2,
        source: 'ws',
        status,
        ended_at: endedAt === null ? null : sql<Date>`${sql.raw(endedAt)}`,
        ...values,
      })
      .execute()
  const midnight = `date_trunc('day', now(), 'UTC')`
  await sql`insert into omni2.user_usage_limits (user_id, period_days, max_requests) values (2, 2, 9)`.execute(
    database.db,
  )
  const admitted = { was_admitted: true }
  await insertTurn('done', midnight, {
    ...admitted,
    cost_usd: '0.10000001',
    tokens_input: 10,
    tokens_output: 5,
  })
  await insertTurn('interrupted', 'now()', { ...admitted, abandoned_cost_usd: '0.2', abandoned_tokens: 100 })
  await insertTurn('refused', 'now()', { ...admitted, abandoned_cost_usd: '0.3', abandoned_tokens: 1000 })
  await insertTurn('refused', 'now()')
  await insertTurn('cancelled', 'now()')
  await insertTurn('done', `${midnight} - interval '1 microsecond'`, { ...admitted, cost_usd: '7' })
  await insertTurn('done', `${midnight} - interval '1 day 1 microsecond'`, { ...admitted, cost_usd: '70' })
  const used = await welcome(2)
  expect(used?.user_limits).toEqual({ period_days: 2, max_requests: 9, max_tokens: null, max_cost: null })
  expect(used?.usage.toSorted((one, other) => one.days - other.days)).toEqual([
    { days: 1, requests: 3, tokens: 1115, cost_usd: 0.60000001 },
    { days: 2, requests: 4, tokens: 1115, cost_usd: 7.60000001 },
  ])
  expect((await welcome(1))?.usage).toEqual([{ days: 1, requests: 0, tokens: 0, cost_usd: 0 }])
  // What operators are shown of today is what limits count.
  expect(await loadUsageToday(2, database)).toEqual({ requests: 3, tokens: 1115, cost_usd: 0.60000001 })
  expect(await loadUsageToday(1, database)).toEqual({ requests: 0, tokens: 0, cost_usd: 0 })
})

test.each([
  ['{"period_days": 30.0, "max_requests": 1}', 7, [1, 7, 30]],
  ['{"period_days": 3660, "max_cost": 0}', 7, [1, 7, 3660]],
  ['{"max_tokens": 5}', 30, [1, 30]],
  ['{"period_days": null, "max_tokens": 5}', 7, [1, 7, 30]],
  ['{"period_days": 9}', 100_000, [1, 3660]],
  ['{"period_days": 1e40, "max_cost": 1}', 2_147_483_647, [1, 3660]],
  ['{"period_days": "9", "max_cost": 1}', 0, [1, 30]],
  ['"odd"', -5, [1]],
])('used - with defaults %s and an own period of %d days - is summed for the days %j', async (...given) => {
  const [defaults, own, days] = given
  await sql`delete from omni2.user_usage_limits where user_id = 2`.execute(database.db)
  await sql`insert into omni2.user_usage_limits (user_id, period_days, max_requests) values (2, ${own}, 9)`.execute(
    database.db,
  )
  await sql`update omni2.omni2_config set config_value = ${defaults}::jsonb where config_key = 'limits.default'`.execute(
    database.db,
  )
  const { usage = [], user_limits } = (await welcome(2)) ?? {}
  expect(usage.map((sum) => sum.days).toSorted((one, other) => one - other)).toEqual(days)
  expect(user_limits?.period_days).toBe(Math.min(own, 3660))
})

test('live - turns that run, what is reserved for them until it expires, and their dead attempts', async () => {
  await sql`
    insert into omni2.turns (session_id, user_id, source, status, abandoned_cost_usd, abandoned_tokens)
      values (gen_random_uuid(), 4, 'ws', 'running', 5, 50), (gen_random_uuid(), 4, 'ws', 'queued', 0, 0);
    insert into omni2.usage_reservations (session_id, attempt, user_id, amount_usd, tokens, expires_at)
      values (gen_random_uuid(), 1, 4, 0.5, 500, now() + interval '1 minute'),
        (gen_random_uuid(), 1, 4, 7, 7, now() - interval '1 second'),
        (gen_random_uuid(), 1, 1, 9, 9, now() + interval '1 minute')
  `.execute(database.db)
  expect((await welcome(4))?.live).toEqual({ running: 1, cost_usd: 5.5, tokens: 550, own: null })
})
