import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { sendSignal } from '@omni2/local-servers'
import { type DataFolder, nameDataFolder } from '@omni2/cli/data-folder'
import { type Counts, readLiveState, type RunState } from '@omni2/cli/run-state'
import { makeUsageError, OperatorError } from '@omni2/cli/operator-error'
import { chooseDataFolder, type Folders } from '@omni2/cli/choose-data-folder'
import { writePrivateFile } from './data-folder/write-private-file.ts'
import { parseCount } from './options/parse-count.ts'
import { mostProcesses } from './options/read-start-options.ts'

const scaleUsage = `usage: npm run scale -- [--edges N] [--workers N] [--recorders N] [--data DIR]

Starts more processes of the npm start that runs on the data folder (default .omni2 in this clone), or stops some, the
youngest first, and waits until it is done. What stops finishes its work first: an edge sends its clients to the others,
a worker hands unfinished turns on. Without a number it says how many there are.
`

const pollMs = 100

/** `npm run scale`: resolves to 0 once as many processes run as asked for. */
export async function scale(args: readonly string[], { folders }: { folders: Folders }): Promise<number> {
  const flags = parseFlags(args)
  if (flags.help) return print(scaleUsage)
  const wanted = readCounts(flags)
  const folder = nameDataFolder(chooseDataFolder(flags.data, folders))
  const live = await readLiveState(folder.stateFile)
  if (live === undefined) throw new OperatorError(`nothing runs on ${folder.path}; npm start begins it`)
  const { counts } = live
  if (counts === undefined) throw new OperatorError(`what runs on ${folder.path} is not ready yet`)
  if (Object.keys(wanted).length === 0) return print(formatCounts(counts))
  const id = randomUUID()
  await writePrivateFile(folder.scaleFile, JSON.stringify({ id, ...wanted }))
  sendSignal(live.supervisor.pid, 'SIGUSR2')
  return print(formatCounts(await awaitScaled(folder, id)))
}

/** The supervisor bounds each step itself: a process that does not start, or does not stop, ends the wait. */
async function awaitScaled({ stateFile, scaleFile }: DataFolder, id: string): Promise<Counts> {
  for (;;) {
    const state: RunState | undefined = await readLiveState(stateFile)
    if (state?.counts === undefined) throw new OperatorError('npm start ended meanwhile')
    if (state.scaled?.id === id) {
      if (state.scaled.error !== undefined) throw new OperatorError(state.scaled.error)
      return state.counts
    }
    if (!(await readFile(scaleFile, 'utf8')).includes(id))
      throw new OperatorError(
        'another npm run scale came after this one; run it without a number to see what there is',
      )
    await delay(pollMs)
  }
}

function readCounts(flags: Readonly<Partial<Record<keyof Counts, string | undefined>>>): Partial<Counts> {
  const bounds = { min: 1, max: mostProcesses }
  const given = (['edges', 'workers', 'recorders'] as const).flatMap((kind) => {
    const text = flags[kind]
    return text === undefined ? [] : [[kind, parseCount(`--${kind}`, text, bounds)] as const]
  })
  return Object.fromEntries(given)
}

const formatCounts = ({ edges, workers, recorders }: Counts): string =>
  `edges ${edges}, workers ${workers}, recorders ${recorders}\n`

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        edges: { type: 'string' },
        workers: { type: 'string' },
        recorders: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch {
    throw makeUsageError('npm run scale takes --edges N, --workers N, --recorders N and --data DIR')
  }
}
