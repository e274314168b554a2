import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type ProcessExit, sendSignal, stopProcess, writeProcessRecord } from '@omni2/local-servers'
import { compileCacheOf } from './compile-services.ts'
import { currentRun } from './test-run.ts'
import { TestLog } from './test-log.ts'

export interface StartServiceOptions {
  /** For messages, for example `ws-edge-1`. */
  readonly name: string
  /** The file that Node runs: a path or a file URL. */
  readonly entry: string | URL
  /** Its whole environment, besides PATH and the run's compile cache. */
  readonly env: Readonly<Record<string, string>>
  /** Its `/readyz`, awaited before `startService` resolves; absent = not awaited. */
  readonly readyUrl?: string
}

export interface TestProcess extends AsyncDisposable {
  readonly name: string
  readonly pid: number
  readonly log: TestLog
  readonly exited: Promise<ProcessExit>
  hasExited(): boolean
  /** Sends a signal and returns at once; `exited` resolves when the process has ended. */
  kill(signal: NodeJS.Signals): void
  /** SIGTERM, then SIGKILL at a deadline of 10 s. Disposing kills at once: a test of an orderly end calls this. */
  stop(): Promise<ProcessExit>
}

const readyDeadlineMs = 30_000
const stopDeadlineMs = 10_000
const pollMs = 50
const lastLinesMs = 1000

/** Runs a service as a child process in its own group and resolves when it is ready. */
export async function startService(options: StartServiceOptions): Promise<TestProcess> {
  const started = await launchService(options)
  try {
    if (options.readyUrl !== undefined) await awaitReadyUrl(options.readyUrl, started)
  } catch (error) {
    await started.stop()
    throw error
  }
  return started
}

async function launchService({ name, entry, env }: StartServiceOptions): Promise<TestProcess> {
  const path = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe']
  const file = entry instanceof URL ? fileURLToPath(entry) : entry
  const kept = { PATH: path, NODE_COMPILE_CACHE: compileCacheOf(currentRun().folder) }
  const child = spawn(process.execPath, [file], { env: { ...kept, ...env }, detached: true, stdio })
  const log = new TestLog(child)
  const exited = once(child, 'exit').then(([code, signal]: unknown[]) => ({ code, signal }) as ProcessExit)
  await once(child, 'spawn')
  const pid = child.pid
  if (pid === undefined) throw new Error('a spawned process has no pid')
  const hasExited = () => child.exitCode !== null || child.signalCode !== null
  const forget = await recordService(name, pid)
  const stop = async () => {
    await stopProcess({ pid, exited, hasExited }, { signal: 'SIGTERM', deadlineMs: stopDeadlineMs })
    await forget()
    return exited
  }
  const kill = (signal: NodeJS.Signals) => void sendSignal(pid, signal)
  const dispose = async () => {
    if (!hasExited()) sendSignal(-pid, 'SIGKILL')
    await exited
    await forget()
  }
  return {
    name,
    pid,
    log,
    exited,
    hasExited,
    kill,
    stop,
    [Symbol.asyncDispose]: dispose,
  }
}

/** So that the end of the run finds a service whose test was killed. */
async function recordService(name: string, pid: number): Promise<() => Promise<void>> {
  const folder = join(currentRun().folder, 'services')
  const file = join(folder, `${randomBytes(6).toString('hex')}.process.json`)
  await mkdir(folder, { recursive: true })
  await writeProcessRecord(file, { name, pid })
  return () => rm(file, { force: true })
}

async function awaitReadyUrl(url: string, service: TestProcess) {
  const giveUpAt = performance.now() + readyDeadlineMs
  for (;;) {
    const answer = await askReady(url)
    if (service.hasExited()) throw await endFailure(service)
    if (answer === undefined) return
    if (performance.now() > giveUpAt)
      throw failure(service, `is not ready after ${readyDeadlineMs} ms: ${answer}`)
    await delay(pollMs)
  }
}

/** Why the service is not ready, or undefined. */
async function askReady(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
    const body = await response.text()
    return response.ok ? undefined : `${response.status} ${body}`
  } catch (error) {
    return String(error)
  }
}

async function endFailure(service: TestProcess): Promise<Error> {
  // A child of the service's own may hold its output open for longer.
  await Promise.race([service.log.ended, delay(lastLinesMs)])
  return failure(service, `ended with ${JSON.stringify(await service.exited)}`)
}

function failure({ name, log }: TestProcess, what: string): Error {
  return new Error(`${name} ${what}\n${log.tail()}`)
}
