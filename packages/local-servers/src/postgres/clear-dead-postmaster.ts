import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sendSignal } from '../process/stop-process.ts'

const orphanDeadlineMs = 10_000
const pollMs = 40

/**
 * Clears what a killed postmaster leaves: sessions that compute on and hold its shared memory, and its lock file
 * once another program has its pid. Postgres starts with neither. A postmaster that lives is left alone.
 * Processes of a cluster are known by their working folder, which Linux tells; elsewhere Postgres decides.
 */
export async function clearDeadPostmaster(cluster: string): Promise<void> {
  if (process.platform !== 'linux') return
  const lockFile = join(cluster, 'postmaster.pid')
  const postmaster = Number((await readFile(lockFile, 'utf8').catch(() => '')).split('\n')[0])
  const folder = await realpath(cluster)
  if (postmaster > 0 && (await worksIn(postmaster, folder))) return
  await endOrphans(folder)
  await rm(lockFile, { force: true })
}

async function endOrphans(folder: string) {
  const giveUpAt = performance.now() + orphanDeadlineMs
  for (;;) {
    const orphans = await findProcesses(folder)
    // Still there at the deadline: Postgres says so in its own words when it starts.
    if (orphans.length === 0 || performance.now() > giveUpAt) return
    for (const pid of orphans) sendSignal(pid, 'SIGKILL')
    await delay(pollMs)
  }
}

async function findProcesses(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const found = await Promise.all(pids.map(async (pid) => ((await worksIn(pid, folder)) ? [pid] : [])))
  return found.flat()
}

/** Whether this is a Postgres process of the cluster, not for example somebody's shell in its folder. */
async function worksIn(pid: number, folder: string): Promise<boolean> {
  const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => '')
  if (workingFolder !== folder) return false
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  return name.trim() === 'postgres'
}
