import { readdir, readFile } from 'node:fs/promises'

const ticksPerSecond = 100

export interface CpuUse {
  /** Seconds of processor time, of user and kernel together, by the name of the process. */
  readonly byProcess: ReadonlyMap<string, number>
}

export interface Root {
  readonly name: string
  readonly pid: number
}

/** Processor time used so far by processes and all that descend from them, in seconds, those that have ended included. */
export async function readCpu(roots: readonly Root[]): Promise<CpuUse> {
  const table = await readProcesses()
  const use = (pid: number): number => {
    const children = table.filter(({ parent }) => parent === pid)
    const own = table.find((process) => process.pid === pid)?.seconds ?? 0
    return children.reduce((sum, child) => sum + use(child.pid), own)
  }
  return { byProcess: new Map(roots.map(({ name, pid }) => [name, use(pid)])) }
}

/** What was used between two readings, in seconds. */
export function subtractCpu(
  after: CpuUse,
  before: CpuUse,
): { total: number; byProcess: Record<string, number> } {
  const byProcess = Object.fromEntries(
    [...after.byProcess].map(([name, seconds]) => [name, seconds - (before.byProcess.get(name) ?? 0)]),
  )
  return { total: Object.values(byProcess).reduce((sum, seconds) => sum + seconds, 0), byProcess }
}

/** Every process of the machine; its time includes that of the children that it has waited for. */
async function readProcesses(): Promise<{ pid: number; parent: number; seconds: number }[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const rows = pids.map(async (pid) => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    // The name of a process, in brackets, may have spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields.length < 16) return []
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return [{ pid: Number(pid), parent: Number(fields[1]), seconds: ticks / ticksPerSecond }]
  })
  return (await Promise.all(rows)).flat()
}

/** The share of the machine's processor time that was left idle since `before`, 0 to 1. */
export function idleShare(before: MachineUse, after: MachineUse): number {
  const total = after.total - before.total
  return total === 0 ? 1 : (after.idle - before.idle) / total
}

export interface MachineUse {
  readonly idle: number
  readonly total: number
}

export async function readMachine(): Promise<MachineUse> {
  const [line = ''] = (await readFile('/proc/stat', 'utf8')).split('\n')
  // user nice system idle iowait irq softirq steal
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number)
  const total = ticks.reduce((sum, each) => sum + each, 0)
  return { idle: (ticks[3] ?? 0) + (ticks[4] ?? 0), total }
}
