import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/**
 * When a process started, as an opaque string to compare; undefined when no such process lives.
 * Pids are used again, so a recorded process is known by pid and start time together.
 */
export async function readProcessStartTime(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? readFromProc(pid) : readFromPs(pid)
}

/** Whether the process recorded with this start time still lives. */
export async function isSameProcess(recorded: { readonly pid: number; readonly startTime: string }) {
  return (await readProcessStartTime(recorded.pid)) === recorded.startTime
}

async function readFromProc(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (stat === undefined) return undefined
  // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  // A zombie is dead, also when its parent never collects it.
  if (state === 'Z' || state === 'X') return undefined
  const bootId = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
  return `${bootId.trim()}:${fields[18]}`
}

async function readFromPs(pid: number): Promise<string | undefined> {
  const output = await run('ps', ['-o', 'state=,lstart=', '-p', String(pid)]).then(
    (done) => done.stdout.trim(),
    () => '',
  )
  if (output === '' || output.startsWith('Z')) return undefined
  return output.slice(output.indexOf(' ')).trim()
}
