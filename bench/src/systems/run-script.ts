import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface RunningScript extends AsyncDisposable {
  readonly pid: number
  /** What it printed once it listened. */
  readonly url: string
}

/** A module that lets a process collect its garbage at SIGUSR2. */
export const collector = new URL('collect-on-request.mjs', import.meta.url).href

/** Runs a script of the benchmarks until it is disposed; it prints its address as a line of JSON. */
export async function runScript(path: string, args: readonly string[] = []): Promise<RunningScript> {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url))
  // Its input closes with this process, so that it ends with it.
  const child = spawn(process.execPath, ['--import', collector, file, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const [line] = await Promise.race([
    once(createInterface(child.stdout), 'line'),
    exited.then(() => Promise.reject(new Error(`${path} did not start`))),
  ])
  const { url }: { url: string } = JSON.parse(String(line))
  const pid = child.pid ?? 0
  return {
    pid,
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL')
      await exited
    },
  }
}
