import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { openTestDatabase } from '@omni2/testkit'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { openEmptyDatabase } from './open-empty-database.ts'

const main = fileURLToPath(new URL('../../../migrations/src/main.ts', import.meta.url))

async function runMigrate(args: readonly string[], databaseUrl: string) {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
  })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  return { out, err, code }
}

test('up, status, down - one line a migration', async () => {
  await using database = await openEmptyDatabase()
  const up = await runMigrate(['up'], database.url)
  expect(up).toMatchObject({ err: '', code: 0 })
  expect(up.out).toMatch(/^applied 0001-original-tables\napplied 0002-/)
  expect((await runMigrate(['up'], database.url)).out).toBe('already up to date\n')

  await database.query('drop index omni2.idx_flows_conversation_id')
  expect((await runMigrate(['up'], database.url)).out).toBe(
    'restored omni2.idx_flows_conversation_id, which had been rolled back by hand\n',
  )
  const down = (await runMigrate(['down'], database.url)).out
  const undone = /^rolled back (\d{4}-[a-z-]+)\n$/.exec(down)?.[1]

  const status = (await runMigrate(['status'], database.url)).out.trimEnd().split('\n')
  expect(status[0]).toMatch(/^0001-original-tables +applied +\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  expect(status.at(-1)).toMatch(/^\d{4}-[a-z-]+ +pending$/)
  expect(status.at(-1)).toContain(undone)
})

test('arguments that are not understood - usage on stderr, exit code 2; --help is no error', async () => {
  for (const args of [[], ['sideways'], ['up', 'twice']]) {
    const { out, err, code } = await runMigrate(args, '')
    expect({ out, code }).toEqual({ out: '', code: 2 })
    expect(err).toMatch(/^usage: migrate up \| down \| status/)
  }
  expect(await runMigrate(['--help'], '')).toMatchObject({ err: '', code: 0 })
  expect(await runMigrate(['up', '--help'], '')).toMatchObject({ err: '', code: 0 })
})

test('a bad DATABASE_URL - one line that says so and does not repeat it', async () => {
  const bad = ['', 'nonsense', 'mysql://me:secret@127.0.0.1/db']
  for (const url of bad) {
    const { out, err, code } = await runMigrate(['up'], url)
    expect({ out, code }).toEqual({ out: '', code: 1 })
    expect(err).toMatch(/^migrate up: DATABASE_URL: the database URL [^\n]+\n$/)
    expect(err).not.toContain('secret')
  }
})

test('no server there - one line with the place it was looked for', async () => {
  const { port } = await findClosedPort()
  const { err, code } = await runMigrate(['status'], `postgres://me:secret@127.0.0.1:${port}/db`)
  expect({ err, code }).toEqual({
    err: `migrate status: no database server answers at 127.0.0.1:${port}\n`,
    code: 1,
  })
})

test('a wrong password, a missing database, a role without rights - one line each', async () => {
  await using database = await openEmptyDatabase()
  const role = `migrator_${randomUUID().replaceAll('-', '')}`
  await database.query(`create role ${role} login password 'right'`)
  try {
    const failureOf = async (change: Partial<Record<'username' | 'password' | 'pathname', string>>) => {
      const url = Object.assign(new URL(database.url), change)
      return (await runMigrate(['up'], url.href)).err
    }
    const right = { username: role, password: 'right' }
    expect(await failureOf({ ...right, password: 'wrong' })).toMatch(
      /^migrate up: the server at .* refuses the login/,
    )
    expect(await failureOf({ pathname: '/no_such_database' })).toMatch(/^migrate up: .* has no such database/)
    expect(await failureOf(right)).toMatch(/^migrate up: no permission: [^\n]+\n$/)
  } finally {
    await database.query(`drop role ${role}`)
  }
})

test('a table locked by another session - fails with the reason after the lock timeout, and changes nothing', async () => {
  await using database = await openTestDatabase()
  await database.query('drop index omni2.idx_flows_conversation_id')
  await using _holder = await holdTable(database.url)
  const url = new URL(database.url)
  url.searchParams.set('lock_timeout', '200')
  const { err, code } = await runMigrate(['up'], url.href)
  expect(code).toBe(1)
  expect(err).toMatch(/^migrate up: another transaction holds a lock/)
  const index = await database.query(`select to_regclass('omni2.idx_flows_conversation_id') as oid`)
  expect(index).toEqual([{ oid: null }])
})

async function findClosedPort(): Promise<{ port: number }> {
  await using server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port }
}

async function holdTable(url: string): Promise<AsyncDisposable> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('begin; lock table omni2.interaction_flows in access exclusive mode')
  return { [Symbol.asyncDispose]: () => client.end() }
}
