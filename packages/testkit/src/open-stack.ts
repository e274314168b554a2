import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { jetstream } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { inboxPrefixOf, type NatsUser } from '@omni2/contracts'
import { findFreePort } from '@omni2/local-servers'
import { z } from 'zod'

export const root = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '')

const lineSchema = z.object({
  url: z.url(),
  databaseUrl: z.url(),
  /** One address, or those of a cluster with commas between. */
  natsUrl: z.string(),
  processes: z.array(z.object({ name: z.string(), pid: z.int().nullable(), url: z.string() })),
  users: z.array(z.object({ username: z.string(), password: z.string() })),
})

export interface Stack extends AsyncDisposable {
  readonly line: z.infer<typeof lineSchema>
  readonly dataFolder: string
  /** What the supervisor has said. */
  readonly said: () => string
  /** The process that has this name now; undefined while it is being started again. */
  readonly findPid: (name: string) => Promise<number | undefined>
  /** Stores a message as one of the services may. */
  readonly publish: (user: NatsUser, subject: string, payload: string) => Promise<void>
}

/** Servers keep their records beside their data. */
const serverFolders: Readonly<Record<string, string>> = {
  postgres: 'postgres',
  'nats-server': 'nats',
  'redis-server': 'redis',
}

export interface StackOptions {
  readonly dataFolder: string
  /** Overrides the settings of `npm start`. */
  readonly env: Readonly<Record<string, string>>
  readonly edges: number
  readonly workers: number
  readonly recorders: number
}

/** Starts the product with `npm start`, in a data folder of its own. */
export async function openStack({ dataFolder, env, ...groups }: StackOptions): Promise<Stack> {
  const port = String(await findFreePort())
  const counts = Object.entries(groups).flatMap(([group, count]) => [`--${group}`, String(count)])
  const script = join(root, 'infra/local/src/main.ts')
  const child = spawn(
    process.execPath,
    [script, 'start', '--json', '--port', port, '--data', dataFolder, ...counts],
    {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const stop = async () => {
    if (child.exitCode !== null) return
    child.kill('SIGTERM')
    await Promise.race([once(child, 'exit'), sleep(90_000, undefined, { ref: false })])
  }
  const line = await readLine(child, () => said).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  const findPid = async (name: string) => {
    const folder = serverFolders[name]
    const file =
      folder === undefined ? join('processes', `${name}.json`) : join(folder, `${name}.process.json`)
    const text = await readFile(join(dataFolder, file), 'utf8').catch(() => '')
    return text === '' ? undefined : (JSON.parse(text) as { pid: number }).pid
  }
  const publish = async (user: NatsUser, subject: string, payload: string) => {
    const { natsPasswords } = JSON.parse(await readFile(join(dataFolder, 'secrets.json'), 'utf8')) as {
      natsPasswords: Record<NatsUser, string>
    }
    const pass = natsPasswords[user]
    const connection = await connect({
      servers: hostsOf(line.natsUrl),
      user,
      pass,
      inboxPrefix: inboxPrefixOf(user),
    })
    try {
      await jetstream(connection).publish(subject, payload)
    } finally {
      await connection.close()
    }
  }
  return { line, dataFolder, said: () => said, findPid, publish, [Symbol.asyncDispose]: stop }
}

async function readLine(child: ChildProcess, said: () => string): Promise<Stack['line']> {
  let printed = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (printed += text))
  while (!printed.includes('\n')) {
    if (child.exitCode !== null) throw new Error(`the stack did not start:\n${said()}`)
    await sleep(50)
  }
  return lineSchema.parse(JSON.parse(printed.slice(0, printed.indexOf('\n'))))
}

const hostsOf = (natsUrl: string): string[] => natsUrl.split(',').map((url) => new URL(url).host)
