import { readdir, readFile } from 'node:fs/promises'
import type { ProcessUse } from '../record.ts'
import type { Stack } from '@omni2/testkit/open-stack'

/** What each service uses now, from /proc; empty where there is none. */
export async function readUse({ line, findPid }: Pick<Stack, 'line' | 'findPid'>): Promise<ProcessUse[]> {
  const services = line.processes.filter(({ name }) =>
    /^(auth|ws-edge|chat-worker|flow-recorder|console|gateway)-\d+$/.test(name),
  )
  const uses = services.map(async ({ name }) => {
    const pid = await findPid(name)
    if (pid === undefined) return []
    try {
      const status = await readFile(`/proc/${pid}/status`, 'utf8')
      const descriptors = (await readdir(`/proc/${pid}/fd`)).length
      const kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
      return [{ name, pid, residentBytes: kibibytes * 1024, descriptors }]
    } catch {
      return []
    }
  })
  return (await Promise.all(uses)).flat()
}
