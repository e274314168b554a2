import { execFile } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { readProcessStartTime } from '@omni2/local-servers'
import { findFreePort } from '@omni2/testkit'
import { chat, logIn } from './chat-with-stack.ts'
import { finishCommand, makeTestFolder, runCommand } from './run-command.ts'
import { type Line, listPids, startStack } from './started-stack.ts'

const run = promisify(execFile)
const options = { timeout: 180_000 }
const few = ['--edges', '1', '--workers', '1']

test(
  'start - a fresh data folder - chats, refuses a second start, stops; the next one finds its data',
  options,
  async () => {
    await using folder = await makeTestFolder()
    await using stack = await startStack(folder.path)
    const { line, command } = stack
    expect(line.processes.map((process) => process.name).toSorted()).toEqual(everyProcess)
    expect(line.users.map(({ id, username, role }) => [id, username, role])).toEqual(everyUser)
    for (const file of ['state.json', 'secrets.json']) {
      expect((await stat(join(folder.path, file))).mode & 0o777).toBe(0o600)
    }
    expect(await chatTypes(line, 'developer')).toEqual(wholeChat)
    await query(line, "insert into auth_service.users (username, name) values ('later', 'Later')")
    const sessions = await query(
      line,
      `select distinct usename, rolsuper from pg_stat_activity join pg_roles on rolname = usename
       where application_name ~ '^(auth|chat-worker|flow-recorder|console)-'`,
    )
    expect(sessions).toEqual([{ usename: 'omni2_service', rolsuper: false }])

    const again = await finishCommand([
      'start',
      '--data',
      folder.path,
      '--port',
      String(await findFreePort()),
    ])
    expect(again.code).toBe(1)
    expect(again.stderr).toBe(
      `npm start: already running on ${folder.path} at ${line.url} (pid ${line.pid}); ` +
        `stop it with npm stop -- --data '${folder.path}'\n`,
    )

    const stopped = await finishCommand(['stop', '--data', folder.path])
    expect(stopped).toMatchObject({ code: 0, stdout: expect.stringMatching(/\nstopped\n$/) })
    expect(await command.exitCode()).toBe(0)
    expect(command.said.stdout).toBe(`${JSON.stringify(line)}\n`)
    expect(await listAlive(line)).toEqual([])

    await using next = await startStack(folder.path, few)
    expect(next.line.users).toEqual(line.users)
    const rows = await query(
      next.line,
      'select id, (select count(*)::int from omni2.turns) as turns from auth_service.users where id > 5',
    )
    expect(rows).toEqual([{ id: 6, turns: 1 }])
  },
)

test(
  'start - a worker is killed - it comes back; the supervisor is killed - the next start ends what was left',
  options,
  async () => {
    await using folder = await makeTestFolder()
    await using killed = await startStack(folder.path, few)
    const worker = killed.line.processes.find(({ name }) => name === 'chat-worker-1')
    process.kill(worker?.pid ?? 0, 'SIGKILL')
    while (!killed.command.said.stderr.includes('chat-worker-1 runs again')) await killed.command.moreOutput()
    expect(await chatTypes(killed.line, 'developer')).toEqual(wholeChat)
    process.kill(killed.line.pid, 'SIGKILL')
    await killed.command.exitCode()
    const left = listPids(killed.line).filter((pid) => pid !== killed.line.pid && pid !== worker?.pid)
    expect(await listAlive(killed.line)).toEqual(left)

    const port = String(await findFreePort())
    await using next = runCommand(['start', '--port', port, '--data', folder.path, ...few])
    while (!next.said.stdout.includes('Stop it with')) await next.moreOutput()
    expect(await listAlive(killed.line)).toEqual([])
    expect(next.said.stdout).toContain('ended what an earlier start left: auth-1, chat-worker-1')

    const snippet = /paste into a shell\):\n\n(?<text>[^]*?\n'\n)/.exec(next.said.stdout)?.groups?.['text']
    const { stdout } = await run('sh', ['-c', snippet ?? 'exit 1'])
    expect(stdout).toMatch(/"type":"welcome"[^]*"type":"accepted"[^]*"type":"token"[^]*"type":"done"/)

    next.child.kill('SIGTERM')
    expect(await next.exitCode()).toBe(0)
    expect(next.said.stdout).toMatch(/\nstopped\n$/)
  },
)

const everyProcess = [
  'auth-1',
  'chat-worker-1',
  'chat-worker-2',
  'console-1',
  'demo-tools-1',
  'flow-recorder-1',
  'gateway-1',
  'model-simulator-1',
  'nats-server',
  'postgres',
  'redis-server',
  'ws-edge-1',
  'ws-edge-2',
]

const everyUser = [
  [1, 'admin', 'admin'],
  [2, 'developer', 'developer'],
  [3, 'viewer', 'viewer'],
  [4, 'blocked', 'developer'],
  [5, 'inactive', 'developer'],
]

const wholeChat = { first: ['welcome', 'accepted', 'started'], last: 'done' }

/** Logs in, says hello and returns the frames that came. */
async function chatTypes(line: Line, username: string) {
  const { token } = await logIn(line, username)
  const types = (await chat(line, token, 'hello')).map((frame) => frame.type)
  return { first: types.slice(0, 3), last: types.at(-1) }
}

async function listAlive(line: Line): Promise<number[]> {
  const pids = listPids(line)
  const startTimes = await Promise.all(pids.map((pid) => readProcessStartTime(pid)))
  return pids.filter((_, index) => startTimes[index] !== undefined)
}

async function query({ databaseUrl }: Line, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}
