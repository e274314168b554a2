import { openDatabase } from '@omni2/db'
import { openLogger } from '@omni2/service-kit'
import { openTestDatabase, type TestDatabase } from '@omni2/testkit'
import { readWorkerConfig } from '../src/config.ts'
import { openToolbox } from '../src/tools/open-toolbox.ts'
import type { Toolbox, ToolOutcome } from '../src/tools/toolbox.ts'
import { openMcpDouble, type McpDouble } from './mcp-double.ts'

/** A worker's tools in front of one real MCP server named `notes`, which the developer may use. */
export interface ToolWorld extends AsyncDisposable {
  database: TestDatabase
  notes: McpDouble
  toolbox: Toolbox
  /** Calls a tool for the developer with what is offered right now. */
  call: (tool: string, input?: unknown, signal?: AbortSignal) => Promise<ToolOutcome>
  /** Names of the tools that are offered right now. */
  names: () => Promise<string[]>
}

interface WorldOptions {
  env?: Record<string, string>
  era?: 'sessions' | 'sessionless'
}

export const sid = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'
/** For polls: much more than they need. */
export const room = { timeout: 30_000 }
export const never = new AbortController().signal

/** Lists are as old as they are, unless a server says otherwise; what fails is tried again at once. */
const testEnv = {
  NATS_URL: 'nats://unused',
  ANTHROPIC_API_KEY: 'unused',
  MCP_ALLOWED_PRIVATE_CIDRS: '127.0.0.0/8',
  MCP_SERVERS_MAX_AGE_MS: '0',
  MCP_LIST_WAIT_MS: '20000',
  MCP_LIST_RETRY_MS: '0',
}

export async function openToolWorld({ env = {}, era }: WorldOptions = {}): Promise<ToolWorld> {
  await using stack = new AsyncDisposableStack()
  const database = stack.use(await openTestDatabase())
  const notes = stack.use(await openMcpDouble(era))
  await seed(database, notes.url)
  const config = readWorkerConfig({ ...testEnv, DATABASE_URL: database.url, ...env })
  const pool = stack.use(
    openDatabase({
      url: database.url,
      poolMax: 5,
      applicationName: 'test',
      statementTimeoutMs: 10_000,
      onPoolError: () => {},
    }),
  )
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const gate = { retryWhileAway: <T>(work: () => Promise<T>) => work() }
  const toolbox = stack.use(openToolbox({ config, database: pool, gate, log }))
  const list = async () => (await toolbox.list(['notes'], never)).tools
  const call = async (tool: string, input: unknown = {}, signal = never) =>
    toolbox.call(
      { callId: 'call_1', name: `notes__${tool}`, input },
      { identity: { user_id: 2, sid }, offered: await list() },
      signal,
    )
  const owned = stack.move()
  const names = async () => (await list()).map(({ name }) => name)
  return { database, notes, toolbox, call, names, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function seed(database: TestDatabase, url: string): Promise<void> {
  await database.query(
    `insert into auth_service.roles (id, name, mcp_access, tool_restrictions) values (1, 'developer', '{notes}', '{}')`,
  )
  await database.query(
    `insert into auth_service.users (id, username, name, role_id, active) values (2, 'developer', 'Developer', 1, true)`,
  )
  await database.query(
    `insert into auth_service.sessions (sid, user_id, expires_at) values ('${sid}', 2, now() + interval '1 hour')`,
  )
  await database.query(
    `insert into omni2.mcp_servers (name, url, timeout_seconds, max_retries, retry_delay_seconds) values ('notes', $1, 20, 2, 0)`,
    [url],
  )
}
