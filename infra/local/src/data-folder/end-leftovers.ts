import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stopLeftover } from '@omni2/local-servers'
import type { DataFolder } from '@omni2/cli/data-folder'
import type { Progress } from '../output/progress.ts'

const stopDeadlineMs = 3000

/**
 * Ends the services of a killed supervisor, identified by pid and start time, and names them.
 * The servers end their own leftovers when they are opened.
 */
export async function endLeftovers(folder: DataFolder, { progress }: { progress: Progress }): Promise<void> {
  const records = (await readdir(folder.processes)).filter((name) => name.endsWith('.json'))
  const ended = await Promise.all(
    records.map((name) =>
      stopLeftover(join(folder.processes, name), { signal: 'SIGTERM', deadlineMs: stopDeadlineMs }),
    ),
  )
  const names = ended.filter((name) => name !== undefined)
  if (names.length > 0) progress.say(`ended what an earlier start left: ${names.toSorted().join(', ')}`)
}
