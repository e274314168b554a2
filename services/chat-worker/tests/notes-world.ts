import type { FlowEvent, Settlement, TurnMessage } from '@omni2/contracts'
import type { TestProcess } from '@omni2/testkit'
import { openMcpDouble, type McpDouble } from './mcp-double.ts'
import { openWorkerWorld, type WorkerWorld, type WorldOptions } from './worker-world.ts'

/** A worker's world with one MCP server named `notes`, whose tools the developer may use as `restrict` says. */
export interface NotesWorld extends WorkerWorld {
  notes: McpDouble
  restrict: (tools: unknown) => Promise<unknown>
  startWithTools: (env?: Record<string, string>) => Promise<TestProcess>
  /** Bodies of the requests to the model for a turn, oldest first. */
  readRequests: (count: number) => ModelRequest[]
  readEvents: (turn: TurnMessage) => Promise<FlowEvent[]>
  readSettlement: (turn: TurnMessage) => Promise<Settlement | undefined>
}

export interface ModelRequest {
  tools?: { name: string; cache_control?: unknown }[]
  tool_choice?: { type: string }
  system: { text: string; cache_control?: unknown }[]
  messages: { role: string; content: string | Record<string, unknown>[] }[]
}

export async function openNotesWorld(options: WorldOptions = {}): Promise<NotesWorld> {
  await using stack = new AsyncDisposableStack()
  const world = stack.use(await openWorkerWorld(options))
  const notes = stack.use(await openMcpDouble())
  await world.database.query(`delete from omni2.mcp_servers`)
  await world.database.query(`update auth_service.roles set mcp_access = '{notes}'`)
  await world.database.query(
    `insert into omni2.mcp_servers (name, url, timeout_seconds, max_retries) values ('notes', $1, 60, 0)`,
    [notes.url],
  )
  const restrict = (tools: unknown) =>
    world.database.query('update auth_service.roles set tool_restrictions = $1 where id = 1', [
      JSON.stringify({ notes: tools }),
    ])
  await restrict(['*'])
  const startWithTools = (env = {}) =>
    world.startWorker({
      MCP_ALLOWED_PRIVATE_CIDRS: '127.0.0.0/8',
      MCP_SERVERS_MAX_AGE_MS: '0',
      MCP_LIST_WAIT_MS: '20000',
      ...env,
    })
  const readRequests = (count: number): ModelRequest[] =>
    world.model.log
      .list({ limit: count })
      .toReversed()
      .map(({ request }) => JSON.parse(world.model.log.find(request)?.body ?? '{}'))
  const readEvents = async ({ session_id }: TurnMessage) =>
    (await world.readFlow(session_id)).flatMap((message) => (message.kind === 'event' ? [message.event] : []))
  const readSettlement = async ({ session_id }: TurnMessage) =>
    (await world.readFlow(session_id)).find((message) => message.kind === 'settlement')
  const owned = stack.move()
  const more = { notes, restrict, startWithTools, readRequests, readEvents, readSettlement }
  return { ...world, ...more, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
