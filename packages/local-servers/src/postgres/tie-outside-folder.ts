import { randomUUID } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exists } from '../process/exists.ts'
import { makeFolder } from '../process/make-folder.ts'
import { stopLeftover } from '../process/process-record.ts'
import type { Log } from '../running-server.ts'

interface Folders {
  /** In the data folder. */
  readonly dataDir: string
  /** Below /var/lib. */
  readonly base: string
}

/** The same id stands in both. */
const idFile = 'postgres.id'

/**
 * Ties the folder below /var/lib to its data folder by an id in both. A data folder that was removed and made again does
 * not get the old database, whose passwords went with it: that one is moved aside. Folders without ids are tied as they are.
 */
export async function tieOutsideFolder(
  { dataDir, base }: Folders,
  { log, stopDeadlineMs }: { log: Log; stopDeadlineMs: number },
): Promise<void> {
  const [inner, outer] = [await readId(dataDir), await readId(base)]
  if (outer !== undefined && outer !== inner) await moveAside(base, { log, stopDeadlineMs })
  const id = outer === inner && outer !== undefined ? outer : randomUUID()
  for (const folder of [base, dataDir]) {
    await makeFolder(folder)
    await writeFile(join(folder, idFile), `${id}\n`, { mode: 0o600 })
  }
}

async function readId(folder: string): Promise<string | undefined> {
  const text = await readFile(join(folder, idFile), 'utf8').catch(() => '')
  return text.trim() || undefined
}

async function moveAside(base: string, { log, stopDeadlineMs }: { log: Log; stopDeadlineMs: number }) {
  const leftover = { signal: 'SIGINT', deadlineMs: stopDeadlineMs } as const
  await stopLeftover(join(base, 'postgres.process.json'), leftover)
  const aside = await findFreeName(`${base}.removed`)
  await rename(base, aside)
  log(
    `${base} belongs to a data folder that is no longer there; it is ${aside} now, delete that when nothing of it is needed`,
  )
}

async function findFreeName(wanted: string): Promise<string> {
  for (let number = 1; ; number += 1) {
    const name = `${wanted}-${number}`
    if (!(await exists(name))) return name
  }
}
