import { join } from 'node:path'
import { expect, test } from 'vitest'
import { launchProcess, readProcessStartTime, sendSignal, stopProcess } from '../src/index.ts'
import { readLogTail } from '../src/process/read-log-tail.ts'
import { makeTestFolder } from './make-test-folder.ts'

async function launchScript(folder: string, script: string) {
  const logFile = join(folder, 'log')
  const launched = await launchProcess({ command: process.execPath, args: ['-e', script], logFile })
  await expect.poll(() => readLogTail(logFile)).toContain('up')
  return { ...launched, logFile }
}

test('process that ignores SIGTERM - is killed at the deadline, its children too', async () => {
  await using folder = await makeTestFolder()
  const stubborn = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`
  const script = `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    ${stubborn}; console.log('up', child.pid)`
  const launched = await launchScript(folder.path, script)
  await stopProcess(launched, { signal: 'SIGTERM', deadlineMs: 100 })
  expect(await launched.exited).toEqual({ code: null, signal: 'SIGKILL' })
  const child = Number((await readLogTail(launched.logFile)).replace('up ', ''))
  await expect.poll(() => readProcessStartTime(child)).toBeUndefined()
})

test('frozen process - still stops', async () => {
  await using folder = await makeTestFolder()
  const launched = await launchScript(folder.path, `console.log('up'); setInterval(() => {}, 1000)`)
  sendSignal(launched.pid, 'SIGSTOP')
  await stopProcess(launched, { signal: 'SIGTERM', deadlineMs: 30_000 })
  expect(await launched.exited).toEqual({ code: null, signal: 'SIGTERM' })
})

test('missing program - is the spawn error', async () => {
  await using folder = await makeTestFolder()
  const launching = launchProcess({ command: 'no-such-server', args: [], logFile: join(folder.path, 'log') })
  await expect(launching).rejects.toMatchObject({ code: 'ENOENT' })
})
