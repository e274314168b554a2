import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import type { Environment } from '@omni2/service-kit'

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

interface RunOptions {
  readonly cwd: string
  readonly env: Environment
}

/** Runs a command on this terminal, passing signals on; resolves to its exit code, 128 + n after signal n. */
export async function runChild(
  command: string,
  args: readonly string[],
  { cwd, env }: RunOptions,
): Promise<number> {
  const child = spawn(command, args, { cwd, env: { ...env }, stdio: ['ignore', 'inherit', 'inherit'] })
  const pass = (signal: NodeJS.Signals) => void child.kill(signal)
  for (const signal of forwarded) process.on(signal, pass)
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']))
    })
  } finally {
    for (const signal of forwarded) process.off(signal, pass)
  }
}
