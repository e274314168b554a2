import { randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { findFreePort, openTestDatabase, openTestRedis, type TestDatabase } from '@omni2/testkit'
import { expect, test } from 'vitest'
import { findPostgresProblems, judgeServer } from '../src/given-servers/find-postgres-problems.ts'
import { findRedisProblems } from '../src/given-servers/find-redis-problems.ts'
import { finishCommand, makeTestFolder } from './run-command.ts'

test('start - given servers that cannot be used - names all of them at once, before it changes anything', async () => {
  await using folder = await makeTestFolder()
  await using database = await openTestDatabase()
  const [natsPort, redisPort] = [await findFreePort(), await findFreePort()]
  const wrong = withLogin(database.url, { user: 'stranger', password: 'hush' })
  const env = {
    DATABASE_URL: wrong,
    NATS_URL: `nats://a:hush@127.0.0.1:${natsPort}`,
    REDIS_URL: `redis://:hush@127.0.0.1:${redisPort}`,
  }
  const port = String(await findFreePort())
  const start = await finishCommand(['start', '--json', '--port', port, '--data', folder.path], { env })
  const lines = start.stderr.trimEnd().split('\n').slice(-4)
  expect({ code: start.code, lines }).toEqual({
    code: 1,
    lines: [
      'npm start: the given servers cannot be used:',
      expect.stringMatching(/^ {2}Postgres at \S+ refuses user stranger \(.*\); correct user and password/),
      `  no NATS answers at 127.0.0.1:${natsPort} (connection refused); start it, or correct NATS_URL`,
      `  no Redis answers at 127.0.0.1:${redisPort} (ECONNREFUSED); start it, or correct REDIS_URL`.replace(
        'ECONNREFUSED',
        `connect ECONNREFUSED 127.0.0.1:${redisPort}`,
      ),
    ],
  })
  expect(start.stderr).not.toContain('hush')
  expect(await readdir(folder.path)).not.toContain('secrets.json')
  expect(await readdir(join(folder.path, 'logs'))).toEqual([])
})

test('Postgres - a database of ours - has no problems, whoever may only use it', async () => {
  await using database = await openTestDatabase()
  expect(await findPostgresProblems(database.url)).toEqual([])
})

test('Postgres - an empty database and a role without rights - says what to grant', async () => {
  await using database = await openTestDatabase()
  await database.query('drop schema omni2, auth_service cascade')
  await using role = await openRole(database)
  const [problem, ...others] = await findPostgresProblems(role.url)
  expect(problem).toContain(`run: grant create on database "${role.database}" to "${role.name}"`)
  expect(others).toEqual([])
  await database.query(`grant create on database ${role.database} to ${role.name}`)
  expect(await findPostgresProblems(role.url)).toEqual([])
  const service = withLogin(role.url, { user: `${role.name}_service`, password: 'hush' })
  expect(await findPostgresProblems(role.url, service)).toEqual([
    expect.stringContaining(`create role "${role.name}_service" login password '…'`),
  ])
})

test('Postgres - tables of others - names them and what to do', async () => {
  await using database = await openTestDatabase()
  await using role = await openRole(database)
  await database.query(`grant create on database ${role.database} to ${role.name}`)
  await database.query('delete from omni2.kysely_migration where name > $1', ['0016'])
  await database.query(`grant usage on schema omni2, auth_service to ${role.name}`)
  await database.query(`grant select on all tables in schema omni2, auth_service to ${role.name}`)
  const [problem] = await findPostgresProblems(role.url)
  expect(problem).toMatch(/tables that \S+ does not own .*; name their owner in DATABASE_URL$/)
})

test('Postgres - fenced off, missing, away - one line each', async () => {
  await using database = await openTestDatabase()
  const fenced = `${database.url}?options=${encodeURIComponent('-c default_transaction_read_only=on')}`
  expect(await findPostgresProblems(fenced)).toEqual([expect.stringContaining('is read-only')])
  const missing = new URL(database.url)
  missing.pathname = '/nowhere'
  expect(await findPostgresProblems(missing.href)).toEqual([
    expect.stringContaining('has no database nowhere; make it: create database'),
  ])
  const port = await findFreePort()
  expect(await findPostgresProblems(`postgres://u:hush@127.0.0.1:${port}/d`)).toEqual([
    `no Postgres answers at 127.0.0.1:${port} (connect ECONNREFUSED 127.0.0.1:${port}); start it, or correct DATABASE_URL`,
  ])
})

test('Postgres - too old, or not in UTF8 - is reported', () => {
  const good = { version: 14, release: '14.1', encoding: 'UTF8', is_read_only: false }
  expect(judgeServer(good)).toEqual([])
  expect(judgeServer({ ...good, version: 13, release: '13.23', encoding: 'SQL_ASCII' })).toEqual([
    'is Postgres 13.23; 14 or newer is needed',
    expect.stringContaining('has the encoding SQL_ASCII; make one with: create database'),
  ])
})

test('Redis - one that counts, a wrong password, a database that is not there', async () => {
  await using redis = await openTestRedis()
  expect(await findRedisProblems(redis.url)).toEqual([])
  const wrong = withLogin(redis.url, { user: '', password: 'hush' })
  expect(await findRedisProblems(wrong)).toEqual([
    expect.stringMatching(/^Redis at \S+ refuses the login; correct user and password in REDIS_URL \(/),
  ])
  const missing = new URL(redis.url)
  missing.pathname = '/999'
  expect(await findRedisProblems(missing.href)).toEqual([expect.stringContaining('has no such database')])
})

function withLogin(address: string, { user, password }: { user: string; password: string }): string {
  const url = new URL(address)
  url.username = user
  url.password = password
  return url.href
}

/** A role that may log in and nothing else. */
async function openRole(database: TestDatabase) {
  const name = `check_${randomBytes(6).toString('hex')}`
  await database.query(`create role ${name} login password 'p'`)
  return {
    name,
    url: withLogin(database.url, { user: name, password: 'p' }),
    database: new URL(database.url).pathname.slice(1),
    [Symbol.asyncDispose]: async () => {
      await database.query(`drop owned by ${name}`)
      await database.query(`drop role ${name}`)
    },
  }
}
