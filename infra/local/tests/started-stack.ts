import { z } from 'zod'
import { findFreePort } from '@omni2/testkit'
import { type Command, runCommand } from './run-command.ts'

const processSchema = z.strictObject({
  name: z.string(),
  pid: z.int().nullable(),
  url: z.string(),
  ready: z.literal(true),
})

/** The one line of `npm -s start -- --json`. */
const lineSchema = z.strictObject({
  url: z.url(),
  databaseUrl: z.url(),
  natsUrl: z.url(),
  redisUrl: z.url().nullable(),
  model: z.string(),
  pid: z.int(),
  processes: z.array(processSchema),
  users: z.array(
    z.strictObject({ id: z.int(), username: z.string(), password: z.string(), role: z.string() }),
  ),
})

/** A login costs half a second of computing else, and a stack that is stopped waits for its turns. */
const quick = {
  AUTH_PASSWORD_COST: '4',
  CONSOLE_PASSWORD_COST: '4',
  SHUTDOWN_DEADLINE_MS: '8000',
  EDGE_DRAIN_DEADLINE_MS: '4000',
}

export type Line = z.infer<typeof lineSchema>

export interface StartedStack extends AsyncDisposable {
  readonly command: Command
  readonly line: Line
}

/** `npm start` with its JSON line read; stopped when disposed. */
export async function startStack(
  dataFolder: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<StartedStack> {
  const port = String(await findFreePort())
  const command = runCommand(['start', '--json', '--port', port, '--data', dataFolder, ...args], {
    env: { ...quick, ...env },
  })
  try {
    const line = lineSchema.parse(JSON.parse(await command.firstLine()))
    return { command, line, [Symbol.asyncDispose]: () => command[Symbol.asyncDispose]() }
  } catch (error) {
    await command[Symbol.asyncDispose]()
    throw error
  }
}

/** The pid of every process that was started here, with the supervisor's. */
export function listPids({ pid, processes }: Line): number[] {
  return [pid, ...processes.flatMap((process) => process.pid ?? [])]
}
