import type { Environment } from '@omni2/service-kit'
import type { Folders } from '@omni2/cli/choose-data-folder'
import { readEnvironment } from '@omni2/cli/read-environment'
import { runLocally } from './flow.ts'
import { readStartOptions, startUsage } from './options/read-start-options.ts'
import { readStartConfig } from './options/start-config.ts'
import type { Run } from './output/describe-run.ts'
import { formatJsonLine } from './output/format-json-line.ts'
import { formatSummary } from './output/format-summary.ts'
import { makeProgress } from './output/progress.ts'
import { listenForShutdown } from './shutdown-request.ts'

/** The exit code of a start that was stopped before it was ready, as after Ctrl-C. */
const stoppedEarly = 130

/** `npm start`: resolves to the exit code once everything has stopped again. */
export async function start(
  args: readonly string[],
  { folders, env: given }: { folders: Folders; env: Environment },
): Promise<number> {
  const options = readStartOptions(args, folders)
  if (options === 'help') return print(startUsage)
  const env = await readEnvironment(folders.root, given)
  const config = readStartConfig(env)
  // The reader of stdout may leave, as a closed terminal does: the processes still have to be stopped in order.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const output = options.json ? process.stderr : process.stdout
  const progress = makeProgress((text) => void output.write(text))
  const shutdown = listenForShutdown(progress)
  const format = (run: Run) => (options.json ? formatJsonLine(run) : formatSummary(run, folders))
  let ready = false
  const announce = (run: Run) => {
    ready = true
    print(format(run))
  }
  try {
    await runLocally(options, { ...shutdown, root: folders.root, env, config, progress, announce })
  } catch (error) {
    if (!shutdown.stopping.aborted) throw error
  }
  progress.say(ready ? 'stopped' : 'stopped before it was ready')
  if (shutdown.forced.aborted) return 1
  return ready ? 0 : stoppedEarly
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
