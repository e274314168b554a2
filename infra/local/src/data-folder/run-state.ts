import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { isSameProcess } from '@omni2/local-servers'

/** What one start leaves for the commands that come after it. */
const runStateSchema = z.object({
  supervisor: z.object({ pid: z.int().positive(), startTime: z.string() }),
  /** Where the gateway is, or will be. */
  url: z.string(),
  /** Known once Postgres runs. */
  databaseUrl: z.string().optional(),
  ready: z.boolean(),
})

export type RunState = Readonly<z.infer<typeof runStateSchema>>

/** The state in a file; undefined when there is none or it cannot be read as one. */
export async function readRunState(file: string): Promise<RunState | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '')
  try {
    return runStateSchema.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** The state of a start whose supervisor lives. */
export async function readLiveState(file: string): Promise<RunState | undefined> {
  const state = await readRunState(file)
  return state !== undefined && (await isSameProcess(state.supervisor)) ? state : undefined
}
