import { readdir, readFile } from 'node:fs/promises'
import { basename } from 'node:path'

/**
 * Names what the tests of a run left behind: processes whose command or environment names the run's folder, and entries
 * of its temporary folder. Processes are found on Linux only.
 */
export async function findLeftovers(folder: string, temporaryFolder: string): Promise<string[]> {
  const processes = process.platform === 'linux' ? await findProcesses(folder) : []
  return [...processes, ...(await readdir(temporaryFolder)).map((name) => `folder ${name}`)]
}

async function findProcesses(folder: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(pids.map(async (pid) => describeProcess(pid, folder)))
  return found.filter((name) => name !== undefined)
}

async function describeProcess(pid: string, folder: string): Promise<string | undefined> {
  const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')
  const [command, environment, stat] = await Promise.all([read('cmdline'), read('environ'), read('stat')])
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // Vitest's own workers may still be ending.
  if (Number(pid) === process.pid || Number(parent) === process.pid || state === 'Z') return undefined
  if (!command.includes(folder) && !environment.includes(folder)) return undefined
  const words = command.split('\0').filter((word) => word !== '')
  return `process ${pid} (${words.map((word) => basename(word)).join(' ')})`
}
