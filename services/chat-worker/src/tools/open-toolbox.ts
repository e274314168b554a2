import { Slots } from '@omni2/bus'
import { listMcpServers, noteServerHealth, type Database } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import type { Config } from '../config.ts'
import type { DatabaseGate } from '../signals/database-gate.ts'
import { abandonAt } from './abandon-at.ts'
import { ArgumentChecker } from './argument-checker.ts'
import { callTool, type CallResult } from './call-tool.ts'
import { openGuardedFetch } from './guarded-fetch.ts'
import { linkStop } from './link-stop.ts'
import { listTools } from './list-tools.ts'
import { markAsData } from './mark-as-data.ts'
import { findTool } from './name-tool.ts'
import { ServerDirectory } from './server-directory.ts'
import type { Toolbox, ToolCaller, ToolOutcome, ToolRequest } from './toolbox.ts'

interface ToolboxDeps {
  config: Config
  database: Pick<Database, 'db'>
  gate: Pick<DatabaseGate, 'retryWhileAway'>
  log: Pick<Logger, 'info' | 'warn'>
}

/** Looks at the ages of lists within the longest age of one. */
const refreshesPerAge = 5

/** Pages of one server's list; one that goes on after these cannot be read. */
const listPages = 32

/** The message to the model for a name that it invented, or knows from elsewhere. */
const notOffered: CallResult = {
  status: 'refused',
  text: 'There is no such tool.',
  isLocalFailure: true,
  rule: 'not_offered',
}

/** Opens the tools of the active MCP servers and begins to read their lists. */
export function openToolbox({ config, database, gate, log }: ToolboxDeps): Toolbox {
  const guarded = openGuardedFetch({
    allowed: config.MCP_ALLOWED_PRIVATE_CIDRS,
    connectTimeoutMs: config.MCP_CONNECT_TIMEOUT_MS,
    responseMaxBytes: config.MCP_RESPONSE_MAX_BYTES,
  })
  const directory = openDirectory({ config, database, fetch: guarded.fetch, log })
  const checker = new ArgumentChecker({ log })
  const closing = new AbortController()
  // So that operators see the health of servers that no turn uses.
  const refreshing = setInterval(() => void directory.refresh(), config.MCP_LIST_MAX_AGE_MS / refreshesPerAge)
  const deps = {
    database,
    retryWhileAway: gate.retryWhileAway.bind(gate),
    checker,
    findServer: directory.find.bind(directory),
    slots: new Slots(config.MCP_PARALLEL_CALLS),
  }

  const call = async (request: ToolRequest, caller: ToolCaller, signal: AbortSignal) => {
    const startedAt = performance.now()
    const tool = findTool(request.name, caller.offered)
    using stop = linkStop([signal, closing.signal])
    const result = tool ? await callTool(request, tool, caller, { ...deps, signal: stop.signal }) : notOffered
    const durationMs = Math.round(performance.now() - startedAt)
    const { server, tool: name } = tool ?? { server: '', tool: request.name }
    log.info({ server, tool: name, status: result.status, duration_ms: durationMs }, 'tool called')
    return { ...makeOutcome(result, request, config.MCP_RESULT_MAX_BYTES), server, tool: name, durationMs }
  }
  return {
    list: (servers, signal) =>
      abandonAt(signal, listTools(servers, { directory, waitMs: config.MCP_LIST_WAIT_MS })),
    known: (servers) => servers.flatMap((name) => directory.peek(name)?.tools.last ?? []),
    call,
    refresh: () => directory.expire(),
    notes: (server) => directory.peek(server)?.tools.notes ?? [],
    setAside: (tool, why) => {
      const isNew = directory.peek(tool.server)?.tools.setAside(tool, why)
      if (isNew) log.warn({ server: tool.server, tool: tool.tool, why }, 'mcp tool set aside')
    },
    countLeftAlone: () => directory.countLeftAlone(),
    countTools: () => directory.countTools(),
    [Symbol.asyncDispose]: async () => {
      clearInterval(refreshing)
      closing.abort()
      await directory[Symbol.asyncDispose]()
      await guarded[Symbol.asyncDispose]()
      await checker[Symbol.asyncDispose]()
    },
  }
}

type OpenDirectory = Pick<ToolboxDeps, 'config' | 'database' | 'log'> &
  Pick<ConstructorParameters<typeof ServerDirectory>[0], 'fetch'>

function openDirectory({ config, database, fetch, log }: OpenDirectory): ServerDirectory {
  const directory = new ServerDirectory({
    fetch,
    log,
    loadRows: () => listMcpServers(database),
    noteHealth: (server, isHealthy) =>
      void noteServerHealth(server, { isHealthy }, database).catch((err: unknown) =>
        log.warn({ err, server }, 'health of an mcp server not noted'),
      ),
    listPages,
    stdioServers: config.MCP_STDIO_SERVERS,
    callTimeoutMs: config.MCP_CALL_TIMEOUT_MS,
    connectTimeoutMs: config.MCP_CONNECT_TIMEOUT_MS,
    responseMaxBytes: config.MCP_RESPONSE_MAX_BYTES,
    rowsMaxAgeMs: config.MCP_SERVERS_MAX_AGE_MS,
    listMaxAgeMs: config.MCP_LIST_MAX_AGE_MS,
    listRetryMs: config.MCP_LIST_RETRY_MS,
    maxTools: config.MCP_LIST_MAX_TOOLS,
    breakerFailures: config.MCP_BREAKER_FAILURES,
    breakerOpenMs: config.MCP_BREAKER_OPEN_MS,
  })
  // Start-up does not wait for it. The first caller finds the lists read, or in reading.
  void directory.load()
  return directory
}

function makeOutcome(
  { status, text, isLocalFailure, rule }: CallResult,
  { callId }: ToolRequest,
  maxBytes: number,
): Pick<ToolOutcome, 'status' | 'content' | 'truncated' | 'rule'> {
  const said = isLocalFailure ? { content: text, truncated: false } : markAsData(text, { callId, maxBytes })
  return { status, rule, ...said }
}
