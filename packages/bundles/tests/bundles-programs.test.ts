import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleOf, bundleProgram, type Program, programs } from '@omni2/bundles'

const run = (script: string, ...args: string[]) => {
  const env = { PATH: process.env['PATH'] }
  return spawnSync(process.execPath, [script, ...args], { env, encoding: 'utf8' })
}

test.each([
  ['auth', 'NATS_URL: is not set'],
  ['chat-worker', 'NATS_URL: is not set'],
  ['console', 'NATS_URL: is not set'],
  ['flow-recorder', 'NATS_URL: is not set'],
  ['ws-edge', 'NATS_URL: is not set'],
  ['gateway', 'AUTH_URL: is not set'],
  ['streams', 'NATS_URL: '],
  ['seed', 'DATABASE_URL: '],
  ['bootstrap', 'usage: npm run admin'],
  ['migrations', 'migrate up'],
] as const)('%s - without configuration - runs from its bundle, and says what it lacks', (program, lack) => {
  const { stdout, stderr } = run(bundleOf(program))
  expect(`${stdout}${stderr}`).toContain(lack)
})

test('model-simulator - its help - runs from its bundle', () => {
  expect(run(bundleOf('model-simulator'), '--help').stdout).toContain('Anthropic Messages API')
})

test.each([
  ['auth', ['watchdog-thread.js', 'answer-questions.js']],
  ['chat-worker', ['watchdog-thread.js', 'argument-thread.js', 'report-stalled-turn.js']],
] as [Program, string[]][])(
  '%s - the threads that it starts - are parts of its bundle',
  (program, threads) => {
    const folder = dirname(bundleOf(program))
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(threads))
  },
)

test('bundles - modules - name no package: what they import is in them, or is of Node', () => {
  const imports = programs.flatMap((program) => {
    const folder = dirname(bundleOf(program))
    const files = readdirSync(folder).filter((name) => name.endsWith('.js'))
    return files.flatMap((file) =>
      [
        ...readFileSync(join(folder, file), 'utf8').matchAll(/^(?:import|export) [^;]*?from "([^"]+)";$/gm),
      ].map(([, from = '']) => from),
    )
  })
  expect(imports.length).toBeGreaterThan(50)
  expect(imports.filter((from) => !/^(?:node:|\.\/)/.test(from) && !isBuiltin(from))).toEqual([])
})

test('bundling - a program that is none - ends with 2 and lists those that there are', () => {
  const { status, stderr } = run(bundleProgram, 'worker')
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('chat-worker, console') })
})

test('bundling - where nothing has changed - does nothing', () => {
  expect(run(bundleProgram).stdout).toBe('programs: nothing has changed\n')
})
