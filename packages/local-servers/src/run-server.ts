import { awaitReady } from './process/await-ready.ts'
import { type LaunchedProcess, launchProcess, type LaunchOptions } from './process/launch-process.ts'
import { writeProcessRecord } from './process/process-record.ts'
import { stopProcess } from './process/stop-process.ts'
import { rm } from 'node:fs/promises'
import type { RunningServer, ServerName, ServerSource } from './running-server.ts'

export interface RunServerOptions extends LaunchOptions {
  readonly name: ServerName
  readonly source: ServerSource
  readonly notes: readonly string[]
  readonly url: string
  readonly port: number
  /** Where to write which process runs, for `stopLeftover` at a later start. */
  readonly recordFile: string
  readonly probe: () => Promise<void>
  readonly readyDeadlineMs: number
  readonly stopSignal: NodeJS.Signals
  readonly stopDeadlineMs: number
  /** Removes what the ended process may have left, for example its container. */
  readonly cleanUp?: () => Promise<void>
  readonly signal?: AbortSignal | undefined
}

/** Launches a server and resolves when it answers; one that does not is stopped before this rejects. */
export async function runServer(options: RunServerOptions): Promise<RunningServer> {
  const launched = await launchProcess(options)
  const stop = () => stopServer(launched, options)
  try {
    await writeProcessRecord(options.recordFile, { name: options.name, pid: launched.pid })
    await awaitReady({ ...options, launched, deadlineMs: options.readyDeadlineMs })
  } catch (error) {
    await stop()
    throw error
  }
  const { name, url, port, source, notes } = options
  const { pid, exited } = launched
  return { name, url, port, pid, source, notes, exited, stop, [Symbol.asyncDispose]: stop }
}

async function stopServer(launched: LaunchedProcess, options: RunServerOptions) {
  await stopProcess(launched, { signal: options.stopSignal, deadlineMs: options.stopDeadlineMs })
  await options.cleanUp?.()
  await rm(options.recordFile, { force: true })
}
