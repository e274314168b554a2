import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { directiveOf, writeDirective } from '../drive/directive.ts'
import { microseconds, readStamps, stampToken } from './clock.ts'
import { quantile } from './quantile.ts'
import { idleShare, readCpu, readMachine, subtractCpu } from './read-cpu.ts'
import { readMemory } from './read-memory.ts'

test('stamps - say when they were made, also where frames were merged', () => {
  const before = microseconds()
  const stamps = readStamps(stampToken() + stampToken())
  const after = microseconds()
  expect(stamps).toHaveLength(2)
  for (const stamp of stamps) {
    expect(stamp).toBeGreaterThanOrEqual(before)
    expect(stamp).toBeLessThanOrEqual(after)
  }
})

test.each([
  [[5], 0.99, 5],
  [[3, 1, 2], 0.5, 2],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.99, 99],
  [[], 0.5, Number.NaN],
])('%j at %d - is %d', (values, share, expected) => {
  expect(quantile(values, share)).toBe(expected)
})

test('a directive - is read from the body of a request, and the last one counts', () => {
  const [first, last] = [
    writeDirective({ tokens: 3, paceMs: 0 }),
    writeDirective({ tokens: 500, paceMs: 0.5, id: 'a-1' }),
  ]
  expect(directiveOf(JSON.stringify({ messages: [first, last] }))).toEqual({
    tokens: 500,
    paceMs: 0.5,
    id: 'a-1',
  })
  expect(directiveOf(JSON.stringify({ messages: [first] })).id).toBeUndefined()
  expect(() => directiveOf('{}')).toThrow('no directive')
})

test('processor time - counts a process with its children, also those that have ended', async () => {
  const busy = 'const end = Date.now() + 300; while (Date.now() < end);'
  const script = `${busy} require("node:child_process").spawnSync(process.execPath, ["-e", ${JSON.stringify(busy)}]); process.stdin.resume()`
  const child = spawn(process.execPath, ['-e', `console.log("up"); ${script}; console.log("done")`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const roots = [{ name: 'busy', pid: child.pid ?? 0 }]
    let said = ''
    child.stdout.on('data', (text: Buffer) => (said += text.toString()))
    const [before, machine] = [await readCpu(roots), await readMachine()]
    await expect.poll(() => said, { timeout: 20_000 }).toContain('done')
    const { total, byProcess } = subtractCpu(await readCpu(roots), before)
    // Each burns its time on the clock; on a busy machine it gets less of it.
    expect(total).toBeGreaterThan(0)
    expect(byProcess).toEqual({ busy: total })
    expect(idleShare(machine, await readMachine())).toBeLessThanOrEqual(1)
    expect(await readMemory(child.pid ?? 0)).toBeGreaterThan(1_000_000)
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
})
