import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('watched-process.ts', import.meta.url))

function startWatched(task: string, note = '') {
  const child = spawn(process.execPath, [script, task, note], { stdio: ['ignore', 'pipe', 'inherit'] })
  const lines: string[] = []
  const output = createInterface(child.stdout).on('line', (line) => lines.push(line))
  const ended = Promise.all([once(child, 'exit'), once(output, 'close')]).then(([[code, signal]]) => ({
    code,
    signal,
    lines,
  }))
  return { child, output, ended }
}

test('event loop - that stands still ends its process, with a report of what it worked on', async () => {
  const { code, signal, lines } = await startWatched('stand-still', 'turn-7').ended
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
  expect(lines.at(-1)).toBe('report {"data":{"about":"data"},"note":"turn-7"}')
  expect(JSON.parse(lines.at(-2) ?? '')).toMatchObject({
    level: 'fatal',
    service: 'test',
    instance: 'test-1',
    note: 'turn-7',
    msg: 'event loop stands still, process ends',
  })
})

test('event loop - that turns between long pieces of work is not killed, longer than it may stand still', async () => {
  expect(await startWatched('work').ended).toMatchObject({ code: 0, signal: null })
})

test('process - that is stopped from outside is not taken for one that stands still', async () => {
  const { child, output, ended } = startWatched('wait')
  await once(output, 'line')
  child.kill('SIGSTOP')
  // Longer than the loop may stand still.
  await sleep(2500)
  child.kill('SIGCONT')
  // It answers a signal, so its loop turns again.
  child.kill('SIGTERM')
  expect(await ended).toMatchObject({ code: 0, signal: null })
})

test('watchdog - does not keep a process that has nothing more to do', async () => {
  expect(await startWatched('end').ended).toMatchObject({ code: 0, signal: null })
})
