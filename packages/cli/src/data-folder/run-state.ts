import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { isSameProcess } from '@omni2/local-servers'

const countsSchema = z.object({ edges: z.int(), workers: z.int(), recorders: z.int() })

export type Counts = Readonly<z.infer<typeof countsSchema>>

/** The request of `npm run scale` to the running start. */
export const scaleRequestSchema = countsSchema.partial().extend({ id: z.string() })

/** What a start records for later commands. */
const runStateSchema = z.object({
  supervisor: z.object({ pid: z.int().positive(), startTime: z.string() }),
  /** Where the gateway is, or will be. */
  url: z.string(),
  /** Known once Postgres runs. */
  databaseUrl: z.string().optional(),
  ready: z.boolean(),
  /** How many run; absent until all do. */
  counts: countsSchema.optional(),
  /** The last request of `npm run scale` that was handled, and the reason of a failure. */
  scaled: z.object({ id: z.string(), error: z.string().optional() }).optional(),
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
