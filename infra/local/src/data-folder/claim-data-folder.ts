import { rename, rm } from 'node:fs/promises'
import { readProcessStartTime } from '@omni2/local-servers'
import { OperatorError } from '@omni2/cli/operator-error'
import type { DataFolder } from '@omni2/cli/data-folder'
import { readLiveState, type RunState } from '@omni2/cli/run-state'
import { stopCommand } from './stop-command.ts'
import { makePrivateFile, writePrivateFile } from './write-private-file.ts'

/** The right of one start to run on a data folder; disposing it releases the folder. */
export interface Claim extends AsyncDisposable {
  /** Adds facts to the state. */
  update(news: Partial<Pick<RunState, 'databaseUrl' | 'ready' | 'counts' | 'scaled'>>): Promise<void>
}

interface Clone {
  readonly root: string
}

/** Claims the folder for this process; throws an error that names the running one and how to stop it. */
export async function claimDataFolder(
  folder: DataFolder,
  { url, root }: Clone & { url: string },
): Promise<Claim> {
  const startTime = (await readProcessStartTime(process.pid)) ?? ''
  let state: RunState = { supervisor: { pid: process.pid, startTime }, url, ready: false }
  while (!(await makePrivateFile(folder.stateFile, formatState(state))))
    await removeStaleState(folder, { root })
  return {
    update: async (news) => {
      state = { ...state, ...news }
      await writePrivateFile(folder.stateFile, formatState(state))
    },
    [Symbol.asyncDispose]: () => rm(folder.stateFile, { force: true }),
  }
}

/** Moves the state away before it reads it: of two starts at once only one gets a file to read. */
async function removeStaleState(folder: DataFolder, clone: Clone): Promise<void> {
  await refuseIfRunning(folder.stateFile, folder, clone)
  const aside = `${folder.stateFile}.stale-${process.pid}`
  const moved = await rename(folder.stateFile, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  try {
    await refuseIfRunning(aside, folder, clone)
  } catch (error) {
    await rename(aside, folder.stateFile)
    throw error
  }
  await rm(aside)
}

async function refuseIfRunning(stateFile: string, { path }: DataFolder, clone: Clone): Promise<void> {
  const live = await readLiveState(stateFile)
  if (live === undefined) return
  throw new OperatorError(
    `already running on ${path} at ${live.url} (pid ${live.supervisor.pid}); stop it with ${stopCommand(path, clone)}`,
  )
}

const formatState = (state: RunState): string => `${JSON.stringify(state, undefined, 2)}\n`
