import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isSameProcess, readProcessRecord, readProcessStartTime } from '@omni2/local-servers'
import { findFreePort } from '@omni2/testkit'
import { makeDataFolder } from '../src/data-folder/make-data-folder.ts'
import { endLeftovers } from '../src/data-folder/end-leftovers.ts'
import { makeProgress } from '../src/output/progress.ts'
import { launchService } from '../src/supervise/launch-service.ts'
import { Supervisor } from '../src/supervise/supervisor.ts'
import { makeTestFolder, root } from './run-command.ts'

/** Reports as events: tests wait for what is reported. */
class Reports extends EventTarget {
  readonly lines: string[] = []

  add(line: string): void {
    this.lines.push(line)
    this.dispatchEvent(new Event('line'))
  }

  async until(part: string): Promise<void> {
    while (!this.lines.some((line) => line.includes(part))) await once(this, 'line')
  }
}

const never = new AbortController().signal

async function describeGateway(name: string) {
  const [port, healthPort] = [await findFreePort(), await findFreePort()]
  const urls = {
    AUTH_URL: 'http://127.0.0.1:1',
    EDGE_URLS: 'http://127.0.0.1:1',
    CONSOLE_URL: 'http://127.0.0.1:1',
  }
  return {
    name,
    script: join(root, 'infra/local/src/gateway/main.ts'),
    env: { ...urls, GATEWAY_PORT: String(port), HEALTH_PORT: String(healthPort), INSTANCE_NAME: name },
    readyUrl: `http://127.0.0.1:${healthPort}/readyz`,
    stopDeadlineMs: 5000,
  }
}

test('supervisor - a process is killed - it comes back on its address and ends with the supervisor', async () => {
  await using data = await makeTestFolder()
  const folders = await makeDataFolder(data.path)
  const reports = new Reports()
  const spec = await describeGateway('gateway-1')
  let lastPid = 0
  {
    await using supervisor = new Supervisor({ report: (line) => reports.add(line), signal: never })
    const open = (signal: AbortSignal) => launchService(spec, { folders, signal })
    const first = await supervisor.keep('edges', { name: spec.name, open })
    process.kill(first.pid, 'SIGKILL')
    await reports.until('runs again')
    expect(reports.lines).toEqual([
      'gateway-1 ended unexpectedly (SIGKILL); starting it again in 200 ms',
      expect.stringMatching(/^gateway-1 runs again \(pid \d+\)$/),
    ])
    expect((await fetch(spec.readyUrl)).status).toBe(200)
    const record = await readProcessRecord(join(folders.processes, 'gateway-1.json'))
    lastPid = record?.pid ?? 0
    expect(lastPid).not.toBe(first.pid)
  }
  expect(await readProcessStartTime(lastPid)).toBeUndefined()
  expect(reports.lines).toHaveLength(2)
  expect(await readdir(folders.processes)).toEqual([])
})

test('supervisor - a server that another program runs - is left alone', async () => {
  let stops = 0
  const given = { pid: undefined, exited: new Promise<never>(() => {}), stop: async () => void (stops += 1) }
  {
    await using supervisor = new Supervisor({ report: () => {}, signal: never })
    expect(await supervisor.keep('servers', { name: 'given', open: async () => given })).toBe(given)
  }
  expect(stops).toBe(0)
})

test('service - bad configuration - the start fails with what it said', async () => {
  await using data = await makeTestFolder()
  const folders = await makeDataFolder(data.path)
  const spec = await describeGateway('gateway-1')
  const bad = { ...spec, env: { ...spec.env, EDGE_URLS: 'ftp://x' } }
  const launching = launchService(bad, { folders, signal: never })
  await expect(launching).rejects.toThrow(
    /gateway-1 did not start: exit code 78[^]*EDGE_URLS: must be an http/,
  )
})

test('leftovers - of an owner that is gone - are ended; of one that lives they are refused', async () => {
  await using data = await makeTestFolder()
  const folders = await makeDataFolder(data.path)
  const reports = new Reports()
  const progress = makeProgress((text) => reports.add(text))
  const spec = await describeGateway('gateway-1')
  const running = await launchService(spec, { folders, signal: never })
  try {
    await expect(endLeftovers(folders, { progress })).rejects.toThrow('already runs on this data folder')
    await disownRecord(join(folders.processes, 'gateway-1.json'))
    const startTime = (await readProcessStartTime(running.pid)) ?? ''
    await endLeftovers(folders, { progress })
    expect(await isSameProcess({ pid: running.pid, startTime })).toBe(false)
    expect(reports.lines).toEqual(['ended what an earlier start left: gateway-1\n'])
  } finally {
    await running.stop()
  }
})

/** As if the process that launched it had been killed. */
async function disownRecord(file: string): Promise<void> {
  const record = JSON.parse(await readFile(file, 'utf8')) as { owner: { startTime: string } }
  await writeFile(file, JSON.stringify({ ...record, owner: { ...record.owner, startTime: 'long ago' } }))
}
