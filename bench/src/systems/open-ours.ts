import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { signIdentity } from '@omni2/auth/sign-identity'
import { makeSigningKey } from '@omni2/auth/signing-key'
import { openDatabase, type Database } from '@omni2/db'
import { openStack, type Stack } from '@omni2/testkit/open-stack'
import { sql } from 'kysely'
import { collector } from './run-script.ts'
import { openSocketChat } from './socket-chat.ts'
import type { System } from './system.ts'

export interface OursOptions {
  readonly folder: string
  readonly modelUrl: string
  readonly edges?: number
  readonly workers?: number
  readonly recorders?: number
  readonly env?: Readonly<Record<string, string>>
}

export interface Ours extends System {
  readonly stack: Stack
  readonly database: Database
  /** The user of this client. */
  userOf(client: number): number
  /** Headers of a connection of this client, as the gateway adds them once it has asked `auth`. */
  identify(client: number, path?: string): Promise<Record<string, string>>
  /** Address of a WebSocket for this client. */
  socketUrl(client: number): string
}

const userCount = 500

/** Settings of the machine that drives the load, not of the product: all clients come from one address. */
const loopback = {
  AUTH_PASSWORD_COST: '4',
  CONNECTIONS_PER_USER_PER_MINUTE: '1000000',
  CONNECTIONS_PER_ADDRESS_PER_MINUTE: '1000000',
  EDGE_FRAMES_PER_SECOND: '1000',
  EDGE_FRAMES_BURST: '1000',
  ANTHROPIC_API_KEY: 'none',
}

/** The product as `npm start` brings it up; clients connect to the edges directly, with signed identities. */
export async function openOurs(options: OursOptions): Promise<Ours> {
  const { folder, modelUrl, edges = 1, workers = 1, recorders = 1, env = {} } = options
  await using stack = new AsyncDisposableStack()
  const given = {
    ...loopback,
    ANTHROPIC_BASE_URL: modelUrl,
    NODE_OPTIONS: `--import=${collector}`,
    ...env,
  }
  const started = stack.use(await openStack({ dataFolder: folder, env: given, edges, workers, recorders }))
  const { processes, databaseUrl } = started.line
  const database = stack.use(openOwnerDatabase(databaseUrl))
  const users = await makeUsers(database)
  const sign = await openSigner(folder)
  const edgeUrls = processes.filter(({ name }) => name.startsWith('ws-edge')).map(({ url }) => url)
  const urlOf = (client: number) => edgeUrls[client % edgeUrls.length] ?? ''
  const userOf = (client: number) => users[client % users.length] ?? 0
  const identify = async (client: number, path = '/ws/chat') => ({
    'x-omni2-identity': await sign(userOf(client), path),
  })
  const socketUrl = (client: number) => `${urlOf(client).replace('http', 'ws')}/ws/chat`
  const prepared = new Map<number, Record<string, string>>()
  const owned = stack.move()
  return {
    name: 'ours',
    stack: started,
    database,
    roots: processes.flatMap(({ name, pid }) =>
      isOnThePath.test(name) && pid !== null ? [{ name, pid }] : [],
    ),
    userOf,
    identify,
    socketUrl,
    prepare: async (clients) => {
      for (const client of clients) prepared.set(client, await identify(client))
    },
    connect: async (client) => {
      const headers = prepared.get(client) ?? (await identify(client))
      prepared.delete(client)
      return openSocketChat(socketUrl(client), headers)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** What a turn passes through. */
const isOnThePath = /^(ws-edge|chat-worker|flow-recorder)-\d+$|^(postgres|nats-server|redis-server)$/

const openOwnerDatabase = (url: string): Database =>
  openDatabase({
    url,
    poolMax: 2,
    applicationName: 'bench',
    statementTimeoutMs: 600_000,
    onPoolError: () => {},
  })

/** Users without limits that a benchmark would reach. */
async function makeUsers({ db }: Database): Promise<number[]> {
  await sql`
    insert into omni2.omni2_config (config_key, config_value, description, is_active)
      values ('limits.default', '{"concurrent_turns": 100000}', 'Benchmark', true)
      on conflict (config_key) do update set config_value = excluded.config_value;
    update auth_service.roles set cost_limit_daily = null, rate_limit = null;
  `.execute(db)
  const { rows } = await sql<{ id: number }>`
    insert into auth_service.users (username, name, email, role_id, password_hash, active, rate_limit_override)
    select 'bench' || n, 'Bench', 'bench' || n || '@bench.invalid', role_id, password_hash, true, 100000000
    from auth_service.users, generate_series(1, ${userCount}::int) n where username = 'developer' returning id
  `.execute(db)
  return rows.map(({ id }) => id)
}

/** Signs as the stack's `auth` does. */
async function openSigner(folder: string): Promise<(userId: number, path: string) => Promise<string>> {
  const secrets: { signingKey: string } = JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'))
  const signingKey = await makeSigningKey(JSON.parse(secrets.signingKey))
  return (id, path) =>
    signIdentity(
      {
        user: { id, username: `bench${id}`, role: 'developer' },
        login: { sid: randomUUID(), expiresAt: Math.floor(Date.now() / 1000) + 24 * 3600 },
        request: { method: 'GET', path },
      },
      { signingKey, now: Date.now },
    )
}
