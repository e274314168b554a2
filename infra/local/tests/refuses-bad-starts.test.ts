import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { findFreePort } from '@omni2/testkit'
import { readEnvironment } from '@omni2/cli/read-environment'
import { finishCommand, makeTestFolder } from './run-command.ts'

test('start - a flag that does not exist - one line, exit code 2', async () => {
  const { code, stdout, stderr } = await finishCommand(['start', '--json', '--edgse', '3'])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toBe("npm start: Unknown option '--edgse' (npm start -- --help lists the options)\n")
})

test('start - a variable that cannot be - one line that does not show its value', async () => {
  const { code, stderr } = await finishCommand(['start', '--json'], {
    env: { DATABASE_URL: 'mysql://u:hush@h/d' },
  })
  expect(code).toBe(1)
  expect(stderr).toMatch(/^npm start: bad configuration: DATABASE_URL: must be a URL that begins with .*\n$/)
  expect(stderr).not.toContain('hush')
})

test('start - its port is in use - one line, and nothing is left running or claimed', async () => {
  await using folder = await makeTestFolder()
  const port = await findFreePort()
  const occupant = createServer().listen(port, '127.0.0.1')
  await once(occupant, 'listening')
  try {
    const args = ['start', '--json', '--port', String(port), '--data', folder.path]
    const { code, stderr } = await finishCommand(args)
    expect(code).toBe(1)
    expect(stderr).toBe(
      `npm start: port ${port} on 127.0.0.1 is in use by another program; choose another one with --port\n`,
    )
    expect(await readdir(folder.path)).not.toContain('state.json')
  } finally {
    occupant.close()
  }
})

test('start - a data folder that is a file - one line', async () => {
  await using folder = await makeTestFolder()
  await mkdir(dirname(folder.path), { recursive: true })
  await writeFile(folder.path, '')
  const { code, stderr } = await finishCommand(['start', '--data', folder.path])
  expect(code).toBe(1)
  expect(stderr).toMatch(/^npm start: the data folder cannot be made: .*\n$/)
})

test('start - a bad .env - its line is named', async () => {
  await using folder = await makeTestFolder()
  await mkdir(folder.path, { recursive: true })
  await writeFile(join(folder.path, '.env'), 'MODEL=a\nDATABASE_URL postgres://h/d\n')
  await expect(readEnvironment(folder.path, {})).rejects.toThrow('.env, line 2: expected NAME=value')
})

test('start - .env and environment - the environment wins where it says something', async () => {
  await using folder = await makeTestFolder()
  await mkdir(folder.path, { recursive: true })
  await writeFile(join(folder.path, '.env'), 'MODEL=file\nLOG_LEVEL=debug\nNATS_URL=nats://file\n')
  const env = await readEnvironment(folder.path, { MODEL: 'given', NATS_URL: '' })
  expect(env).toEqual({ MODEL: 'given', LOG_LEVEL: 'debug', NATS_URL: 'nats://file' })
})

test('stop - nothing runs - says so and succeeds', async () => {
  await using folder = await makeTestFolder()
  const { code, stdout } = await finishCommand(['stop', '--data', folder.path])
  expect({ code, stdout }).toEqual({ code: 0, stdout: `nothing runs on ${folder.path}\n` })
})
