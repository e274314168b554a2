import { chmod, glob, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  isSameProcess,
  type Log,
  readProcessRecord,
  sendSignal,
  writeProcessRecord,
} from '@omni2/local-servers'

const prefix = 'omni2-test-'
const ownerFile = 'run.json'

/** As root, Postgres runs as an unprivileged account that has to get in: root's own TMPDIR may be closed to it. */
const parent = process.getuid?.() === 0 ? '/tmp' : tmpdir()

/** Makes the folder of this run and removes the leftovers of killed runs. */
export async function openRunFolder({ log }: { log: Log }): Promise<string> {
  for await (const name of glob(`${prefix}*`, { cwd: parent }))
    await removeAbandoned(join(parent, name), { log })
  const folder = await mkdtemp(join(parent, prefix))
  await chmod(folder, 0o711)
  await writeProcessRecord(join(folder, ownerFile), { name: 'test run', pid: process.pid })
  await mkdir(temporaryFolderOf(folder))
  await chmod(temporaryFolderOf(folder), 0o1777)
  return folder
}

/** The TMPDIR of a run, so that files that a test does not remove are found. */
export const temporaryFolderOf = (folder: string): string => join(folder, 'tmp')

/** Kills every process recorded in the folder that still lives, names them, and removes the folder. */
export async function removeRunFolder(folder: string): Promise<string[]> {
  const killed: string[] = []
  for await (const file of glob('{,*/,*/*/}*.process.json', { cwd: folder })) {
    const record = await readProcessRecord(join(folder, file))
    if (!record || !(await isSameProcess(record))) continue
    sendSignal(-record.pid, 'SIGKILL')
    killed.push(record.name)
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
  return killed
}

async function removeAbandoned(folder: string, { log }: { log: Log }) {
  const owner = await readProcessRecord(join(folder, ownerFile))
  if (!owner || (await isSameProcess(owner))) return
  const killed = await removeRunFolder(folder)
  log(`removed an abandoned test run${killed.length > 0 ? ` and stopped its ${killed.join(', ')}` : ''}`)
}
