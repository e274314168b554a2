import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { openTestDatabase } from '@omni2/testkit'
import { sql } from 'kysely'
import pg from 'pg'
import { expect, test } from 'vitest'
import { type Database, isConnectionLost, isTransient, openDatabase } from '../src/index.ts'

const settings = { poolMax: 1, applicationName: 'opens-database', statementTimeoutMs: 5_000 }
const refuseErrors = {
  onPoolError: (error: Error) => {
    throw error
  },
}

/** Whether a statement could write now. */
const isDatabaseReady = ({ probe }: Database): Promise<boolean> =>
  probe().then(
    () => true,
    () => false,
  )

const hostileSettings = [
  `datestyle = 'SQL, DMY'`,
  `timezone = 'Asia/Tokyo'`,
  `intervalstyle = 'sql_standard'`,
  `bytea_output = 'escape'`,
  `extra_float_digits = -10`,
  `default_transaction_isolation = 'serializable'`,
  `lock_timeout = '1ms'`,
  `client_encoding = 'LATIN1'`,
  `search_path = 'omni2, pg_temp'`,
]

const killOthers = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where application_name = '${settings.applicationName}' and datname = current_database()
`

test('a session - is in UTC under its name, beside options the URL already has', async () => {
  await using server = await openTestDatabase()
  const url = new URL(server.url)
  url.searchParams.set('options', '-c search_path=omni2 -c timezone=Asia/Tokyo')
  await using database = openDatabase({ ...settings, ...refuseErrors, url: url.href })
  const { rows } = await sql`
    select current_setting('timezone') as timezone, current_setting('search_path') as search_path,
      current_setting('application_name') as application_name,
      current_setting('statement_timeout') as statement_timeout
  `.execute(database.db)
  expect(rows).toEqual([
    { timezone: 'UTC', search_path: 'omni2', application_name: 'opens-database', statement_timeout: '5s' },
  ])
})

test('values - counts are numbers, amounts text, zoneless timestamps UTC, JSON unrounded, in any zone', async () => {
  const zone = process.env['TZ']
  process.env['TZ'] = 'Asia/Tokyo'
  try {
    await using server = await openTestDatabase()
    await using database = openDatabase({ ...settings, ...refuseErrors, url: server.url })
    const { rows } = await sql`
      select count(*) as count, 0.10000000::numeric(16,8) as amount,
        timestamp '2025-06-01 12:00:00.123' as stamp, timestamptz '2025-06-01 12:00:00.123+00' as instant
    `.execute(database.db)
    const instant = new Date('2025-06-01T12:00:00.123Z')
    expect(rows).toEqual([{ count: 1, amount: '0.10000000', stamp: instant, instant }])
    const id = '{"id": 9007199254740993}'
    const read = await sql<{ json: object }>`select ${id}::jsonb as json`.execute(database.db)
    expect(JSON.stringify(read.rows)).toBe('[{"json":{"id":9007199254740993}}]')
    await expect(sql`select 9007199254740993`.execute(database.db)).rejects.toThrow(RangeError)
  } finally {
    if (zone === undefined) delete process.env['TZ']
    else process.env['TZ'] = zone
  }
})

test('type parsers - are the pool’s own: another user of pg in the process keeps the defaults', async () => {
  await using server = await openTestDatabase()
  await using database = openDatabase({ ...settings, ...refuseErrors, url: server.url })
  await sql`select 1`.execute(database.db)
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const { rows } = await client.query('select count(*) as count')
  await client.end()
  expect(rows).toEqual([{ count: '1' }])
})

test('what a timestamp column is written with - reads back as the same instant', async () => {
  await using server = await openTestDatabase()
  await using database = openDatabase({ ...settings, ...refuseErrors, url: server.url })
  const at = new Date('2025-06-01T22:30:00.000Z')
  const flow = { session_id: '00000000-0000-4000-8000-000000000001', user_id: 1, flow_data: '{}' }
  await database.db
    .insertInto('omni2.interaction_flows')
    .values({ ...flow, created_at: at.toISOString() })
    .execute()
  const row = await database.db.selectFrom('omni2.interaction_flows').select('created_at').executeTakeFirst()
  expect(row?.created_at).toEqual(at)
})

test('settings of the role or the database - change nothing that is read', async () => {
  await using server = await openTestDatabase()
  const { pathname } = new URL(server.url)
  for (const setting of hostileSettings)
    await server.query(`alter database ${pathname.slice(1)} set ${setting}`)
  await using database = openDatabase({ ...settings, ...refuseErrors, url: server.url })
  const { rows } = await sql`
    select timestamptz '2025-02-01 12:00:00.123+00' as instant, '1 day 02:00'::interval::text as age,
      '\\x00ff'::bytea::text as bytes, 0.1::float8 + 0.2::float8 as sum,
      current_setting('default_transaction_isolation') as isolation, current_setting('lock_timeout') as lock_timeout,
      current_setting('client_encoding') as encoding, current_setting('search_path') as search_path
  `.execute(database.db)
  expect(rows).toEqual([
    {
      instant: new Date('2025-02-01T12:00:00.123Z'),
      age: '1 day 02:00:00',
      bytes: String.raw`\x00ff`,
      sum: 0.1 + 0.2,
      isolation: 'read committed',
      lock_timeout: '0',
      encoding: 'UTF8',
      search_path: '"$user",public',
    },
  ])
})

test('a session that can only read - is given up with the failed statement, and the idle ones with it', async () => {
  await using server = await openTestDatabase()
  await using database = openDatabase({ ...settings, ...refuseErrors, url: server.url, poolMax: 3 })
  const becomeReadOnly = sql`set session characteristics as transaction read only`
  const sleepReadOnly = () =>
    database.db.connection().execute(async (db) => {
      await becomeReadOnly.execute(db)
      await sql`select pg_sleep(0.1)`.execute(db)
    })
  await Promise.all([sleepReadOnly(), sleepReadOnly(), sleepReadOnly()])
  const write = () => sql`create table written (id int)`.execute(database.db)
  const error = await write().catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: '25006' })
  expect(isConnectionLost(error)).toBe(true)
  await write()
  expect(await isDatabaseReady(database)).toBe(true)
})

test('a database that is fenced off - is away, and there again once it is not', async () => {
  await using server = await openTestDatabase()
  const name = new URL(server.url).pathname.slice(1)
  await server.query(`alter database ${name} set default_transaction_read_only = on`)
  await using database = openDatabase({ ...settings, ...refuseErrors, url: server.url })
  const error = await sql`select 1`.execute(database.db).catch((caught: unknown) => caught)
  expect(isConnectionLost(error)).toBe(true)
  expect(await isDatabaseReady(database)).toBe(false)
  await server.query(`alter database ${name} reset default_transaction_read_only`)
  expect(await isDatabaseReady(database)).toBe(true)
})

test('a statement that was prepared before its table changed - is prepared again on a new session', async () => {
  await using server = await openTestDatabase()
  await using database = openDatabase({
    ...settings,
    ...refuseErrors,
    url: server.url,
    preparedStatements: 9,
  })
  await server.query('create table changing (id int, note text)')
  const read = () => sql`select * from changing where id = ${1}`.execute(database.db)
  await read()
  await server.query('alter table changing add more text')
  expect(isTransient(await read().catch((caught: unknown) => caught))).toBe(true)
  expect((await read()).rows).toEqual([])
})

test('a connection ended by the server while idle - is reported, and the next statement has a new one', async () => {
  await using server = await openTestDatabase()
  const lost = Promise.withResolvers<Error>()
  await using database = openDatabase({ ...settings, url: server.url, onPoolError: lost.resolve })
  await sql`select 1`.execute(database.db)
  await server.query(killOthers)
  expect(isConnectionLost(await lost.promise)).toBe(true)
  expect(await isDatabaseReady(database)).toBe(true)
})

test('a connection ended between two statements of a transaction - fails that transaction only', async () => {
  await using server = await openTestDatabase()
  const lost = Promise.withResolvers<Error>()
  await using database = openDatabase({ ...settings, url: server.url, onPoolError: lost.resolve })
  const transaction = database.db.transaction().execute(async (trx) => {
    await sql`select 1`.execute(trx)
    await server.query(killOthers)
    await lost.promise
    await sql`select 2`.execute(trx)
  })
  const error = await transaction.catch((caught: unknown) => caught)
  expect(isConnectionLost(error)).toBe(true)
  expect(await isDatabaseReady(database)).toBe(true)
})

test('a statement the server does not answer - gives its connection up instead of handing it on', async () => {
  await using server = await openTestDatabase()
  await using line = await openLine(server.url)
  await using database: Database = openDatabase({
    ...settings,
    url: line.url,
    statementTimeoutMs: 200,
    onPoolError: () => {},
  })
  await sql`select 1`.execute(database.db)
  line.goSilent()
  const error = await sql`select 2`.execute(database.db).catch((caught: unknown) => caught)
  expect(isConnectionLost(error)).toBe(true)
  expect(await isDatabaseReady(database)).toBe(true)
})

test('no server - is not ready, and says so without throwing', async () => {
  await using server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `postgres://stranger@127.0.0.1:${portOf(server)}/none`
  await server[Symbol.asyncDispose]()
  await using database = openDatabase({ ...settings, ...refuseErrors, url })
  expect(await isDatabaseReady(database)).toBe(false)
})

test('a disposed database - takes no more statements; disposing twice is once', async () => {
  await using server = await openTestDatabase()
  const database = openDatabase({ ...settings, ...refuseErrors, url: server.url })
  await sql`select 1`.execute(database.db)
  await Promise.all([database[Symbol.asyncDispose](), database[Symbol.asyncDispose]()])
  await expect(sql`select 1`.execute(database.db)).rejects.toThrow(/after calling end/)
})

interface Line extends AsyncDisposable {
  readonly url: string
  /** From here on nothing passes on the connections open now, though they stay open; new ones work. */
  goSilent(): void
}

/** A TCP line to the database that can go silent, as a lost route or a frozen host does. */
async function openLine(databaseUrl: string): Promise<Line> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname)
    for (const socket of [near, far]) sockets.add(socket.on('error', () => {}))
    near.pipe(far).pipe(near)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(portOf(server)) })
  return {
    url: url.href,
    goSilent: () => sockets.forEach((socket) => socket.unpipe()),
    [Symbol.asyncDispose]: async () => {
      sockets.forEach((socket) => socket.destroy())
      await server[Symbol.asyncDispose]()
    },
  }
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}

test('statements with parameters - stay prepared on their connection, up to the bound', async () => {
  await using server = await openTestDatabase()
  await using database = openDatabase({
    ...settings,
    ...refuseErrors,
    url: server.url,
    preparedStatements: 2,
  })
  const add = (one: number, other: number) => sql<{ sum: number }>`select ${one}::int + ${other} as sum`
  for (const other of [1, 2]) {
    const { rows } = await add(40, other).execute(database.db)
    expect(rows).toEqual([{ sum: 40 + other }])
  }
  await sql`select ${1}::int`.execute(database.db)
  await sql`select ${1}::text`.execute(database.db)
  const { rows } = await sql<{ statement: string; runs: number }>`
    select statement, (generic_plans + custom_plans)::int as runs from pg_prepared_statements order by statement
  `.execute(database.db)
  expect(rows).toEqual([
    { statement: 'select $1::int', runs: 1 },
    { statement: 'select $1::int + $2 as sum', runs: 2 },
  ])
})
