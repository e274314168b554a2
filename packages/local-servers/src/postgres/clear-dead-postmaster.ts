import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { sendSignal } from '../process/stop-process.ts'

const orphanDeadlineMs = 10_000
const pollMs = 40

/**
 * Clears what a killed postmaster leaves: sessions that still run and hold its shared memory, and its lock file
 * once another program has its pid. Either keeps Postgres from starting. A live postmaster is left alone.
 * On Linux the working folder identifies the processes of a cluster; elsewhere Postgres decides.
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
    // What is still there at the deadline, Postgres reports when it starts.
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

/** Whether this is a Postgres process of the cluster and not, for example, a user's shell in its folder. */
async function worksIn(pid: number, folder: string): Promise<boolean> {
  const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => '')
  if (workingFolder !== folder) return false
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
  return name.trim() === 'postgres'
}
