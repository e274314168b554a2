import { readFile } from 'node:fs/promises'

/** The memory of a process with its share of what it shares (PSS), in bytes. */
export async function readMemory(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? Number.NaN) * 1024
}
