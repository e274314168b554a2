import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { logBounds, rotateLog } from './rotate-log.ts'

/** How a process ended: exactly one of the two is set. */
export interface ProcessExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface LaunchedProcess {
  readonly pid: number
  readonly exited: Promise<ProcessExit>
  hasExited(): boolean
}

export interface LaunchOptions {
  readonly command: string
  readonly args: readonly string[]
  /** Receives stdout and stderr, appended; bounded by `logBounds` while this process lives. */
  readonly logFile: string
  readonly cwd?: string | undefined
  /** The parent's environment when absent. */
  readonly env?: NodeJS.ProcessEnv | undefined
  readonly account?: { readonly uid: number; readonly gid: number } | undefined
}

/** Pause between two looks at the size of a log. */
const rotateEveryMs = 5000

/**
 * Starts a process in a group of its own, so that a Ctrl-C meant for the launcher does not reach it.
 * Rejects with the spawn error, for example ENOENT.
 */
export async function launchProcess(options: LaunchOptions): Promise<LaunchedProcess> {
  const log = await openLog(options.logFile)
  try {
    const child = spawn(options.command, options.args, {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      ...options.account,
    })
    await once(child, 'spawn')
    keepRotating(options.logFile, child)
    return trackChild(child)
  } finally {
    await log.close()
  }
}

function trackChild(child: ReturnType<typeof spawn>): LaunchedProcess {
  if (child.pid === undefined) throw new Error('a spawned process has no pid')
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
  })
  return {
    pid: child.pid,
    exited,
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
  }
}

async function openLog(file: string) {
  rotateLog(file, logBounds)
  return open(file, 'a', 0o600)
}

/** A log that cannot be rotated, for example on a full disk, is tried again. */
function keepRotating(file: string, child: ReturnType<typeof spawn>): void {
  const rotate = () => {
    try {
      rotateLog(file, logBounds)
    } catch {}
  }
  const timer = setInterval(rotate, rotateEveryMs).unref()
  child.once('exit', () => clearInterval(timer))
}
