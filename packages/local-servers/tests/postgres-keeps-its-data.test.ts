import { chmod, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { openPostgres, sendSignal } from '../src/index.ts'
import { makeTestFolder } from './make-test-folder.ts'

const log = () => {}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client(url)
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test('second start - finds the data again, in a path with a space', async () => {
  await using folder = await makeTestFolder()
  const dataDir = join(folder.path, 'made by start', 'postgres')
  const first = await openPostgres({ dataDir, log })
  await query(first.url, 'create table kept (id int)')
  await first.stop()
  expect(await first.exited).toEqual({ code: 0, signal: null })

  await using second = await openPostgres({ dataDir, log })
  expect(await query(second.url, 'select * from kept')).toEqual([])
  expect(second).toMatchObject({ source: 'embedded', name: 'postgres' })
})

test('kill -9 - the next start recovers what was committed, while a session is still at work', async () => {
  await using folder = await makeTestFolder()
  const dataDir = join(folder.path, 'postgres')
  const killed = await openPostgres({ dataDir, log })
  await query(killed.url, 'create table kept as select 7 as id')
  const busy = new Client(killed.url)
  busy.on('error', () => {})
  await busy.connect()
  // A session that computes does not notice that its postmaster is gone.
  const ended = busy
    .query('select count(*) from generate_series(1, 50000000000)')
    .then(() => 'finished', String)
  await expect.poll(() => query(killed.url, activeSessions)).toEqual([{ count: '1' }])
  sendSignal(killed.pid ?? 0, 'SIGKILL')

  await using next = await openPostgres({ dataDir, log })
  expect(await query(next.url, 'select id from kept')).toEqual([{ id: 7 }])
  expect(await ended).toContain('Connection terminated')
})

const activeSessions = `select count(*) from pg_stat_activity where query like '%generate_series%'
  and state = 'active' and pid <> pg_backend_pid()`

// Only root needs another account, and so another folder, for Postgres.
test.runIf(process.getuid?.() === 0)(
  'data folder that Postgres cannot enter, removed by hand - the next start gets a new database and says where the old one is',
  async () => {
    await using folder = await makeTestFolder()
    await chmod(folder.path, 0o700)
    const dataDir = join(folder.path, 'postgres')
    const first = await openPostgres({ dataDir, log })
    const base = /keeps its data in (\S+):/.exec(first.notes.join(' '))?.[1] ?? ''
    const remove = () =>
      Promise.all([base, `${base}.removed-1`].map((path) => rm(path, { recursive: true, force: true })))
    await using _base = { [Symbol.asyncDispose]: async () => void (await remove()) }
    await query(first.url, 'create table kept (id int)')
    await first.stop()
    const again = await openPostgres({ dataDir, log })
    expect(await query(again.url, 'select * from kept')).toEqual([])
    await again.stop()

    await rm(dataDir, { recursive: true })
    const lines: string[] = []
    await using fresh = await openPostgres({ dataDir, log: (line) => void lines.push(line) })
    await expect(query(fresh.url, 'select * from kept')).rejects.toMatchObject({ code: '42P01' })
    expect(lines.join('\n')).toContain(`it is ${base}.removed-1 now`)
  },
)

test('new cluster - has UTF-8, UTC, scram passwords, statistics, and no socket file', async () => {
  await using folder = await makeTestFolder()
  await using server = await openPostgres({ dataDir: folder.path, log, settings: { max_connections: '50' } })
  const settings = `select current_setting('server_encoding') as encoding, current_setting('timezone') as timezone,
    current_setting('unix_socket_directories') as sockets, current_setting('listen_addresses') as addresses,
    current_setting('max_connections') as connections`
  expect(await query(server.url, settings)).toEqual([
    { encoding: 'UTF8', timezone: 'UTC', sockets: '', addresses: '127.0.0.1', connections: '50' },
  ])
  expect(await query(server.url, 'select count(*) > 0 as counted from pg_stat_statements')).toEqual([
    { counted: true },
  ])
  const wrong = new URL(server.url)
  wrong.password = 'wrong'
  await expect(query(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
  expect((await stat(join(folder.path, 'postgres.password'))).mode & 0o777).toBe(0o600)
})

test('cluster without its password - is an error at once that says what to do', async () => {
  await using folder = await makeTestFolder()
  const server = await openPostgres({ dataDir: folder.path, log })
  await server.stop()
  await rm(join(folder.path, 'postgres.password'))
  await expect(openPostgres({ dataDir: folder.path, log })).rejects.toThrow(
    /postgres\.password; put that file back/,
  )
})
