import { parseArgs } from 'node:util'
import { setTimeout as delay } from 'node:timers/promises'
import { isSameProcess, sendSignal } from '@omni2/local-servers'
import { nameDataFolder } from '@omni2/cli/data-folder'
import { readLiveState } from '@omni2/cli/run-state'
import { makeUsageError, OperatorError } from '@omni2/cli/operator-error'
import { chooseDataFolder, type Folders } from '@omni2/cli/choose-data-folder'

const stopUsage = `usage: npm stop -- [--data DIR]

Stops what npm start runs on the data folder (default .omni2 in this clone) and waits until it is gone.
`

/** Longer than all groups of processes need when each uses its whole deadline. */
const stopDeadlineMs = 90_000
const pollMs = 50

/** `npm stop`: resolves to 0 once nothing runs on the data folder any more. */
export async function stop(args: readonly string[], { folders }: { folders: Folders }): Promise<number> {
  const flags = parseFlags(args)
  if (flags.help) {
    process.stdout.write(stopUsage)
    return 0
  }
  const folder = nameDataFolder(chooseDataFolder(flags.data, folders))
  const live = await readLiveState(folder.stateFile)
  if (live === undefined) {
    process.stdout.write(`nothing runs on ${folder.path}\n`)
    return 0
  }
  process.stdout.write(`stopping ${live.url} (pid ${live.supervisor.pid})\n`)
  sendSignal(live.supervisor.pid, 'SIGTERM')
  await awaitEnd(live.supervisor)
  process.stdout.write('stopped\n')
  return 0
}

async function awaitEnd(supervisor: { pid: number; startTime: string }): Promise<void> {
  const giveUpAt = performance.now() + stopDeadlineMs
  while (await isSameProcess(supervisor)) {
    if (performance.now() > giveUpAt)
      throw new OperatorError(
        `process ${supervisor.pid} does not stop; end it with kill -9 ${supervisor.pid}`,
      )
    await delay(pollMs)
  }
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { data: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
    }).values
  } catch {
    throw makeUsageError('npm stop takes --data DIR and nothing else')
  }
}
