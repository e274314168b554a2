import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { launchProcess, stopProcess, writeProcessRecord } from '@omni2/local-servers'
import type { Environment } from '@omni2/service-kit'
import { awaitService } from './await-service.ts'
import type { RunningProcess } from './kept-process.ts'

/** A process of this project, on this Node. */
export interface ServiceSpec {
  readonly name: string
  /** Absolute path of the file that Node runs. */
  readonly script: string
  readonly args?: readonly string[]
  readonly env: Environment
  /** Address whose 200 means "ready". */
  readonly readyUrl: string
  /** Conditions of its readiness that an operator can meet while it runs; `say` reports those that are not met. */
  readonly operators?: { readonly conditions: readonly string[]; readonly say: (line: string) => void }
  /** After a stop signal, the process and its children are killed when this is over. */
  readonly stopDeadlineMs: number
}

export interface ServiceFolders {
  readonly logs: string
  readonly processes: string
}

export interface RunningService extends RunningProcess {
  readonly pid: number
}

/** Launches a service and resolves when it is ready; one that does not become ready is stopped before this rejects. */
export async function launchService(
  spec: ServiceSpec,
  { folders, signal }: { folders: ServiceFolders; signal: AbortSignal },
): Promise<RunningService> {
  const logFile = join(folders.logs, `${spec.name}.log`)
  const recordFile = join(folders.processes, `${spec.name}.json`)
  const args = [spec.script, ...(spec.args ?? [])]
  const logStart = await readSize(logFile)
  const launched = await launchProcess({ command: process.execPath, args, logFile, env: { ...spec.env } })
  const stop = async () => {
    await stopProcess(launched, { signal: 'SIGTERM', deadlineMs: spec.stopDeadlineMs })
    await rm(recordFile, { force: true })
  }
  try {
    await writeProcessRecord(recordFile, { name: spec.name, pid: launched.pid })
    await awaitService(launched, { ...spec, logFile, logStart, signal })
  } catch (error) {
    await stop()
    throw error
  }
  return { pid: launched.pid, exited: launched.exited, stop }
}

async function readSize(file: string): Promise<number> {
  await using handle = await open(file, 'a+', 0o600)
  return (await handle.stat()).size
}
