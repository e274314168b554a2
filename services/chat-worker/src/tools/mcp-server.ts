import type { Logger } from '@omni2/service-kit'
import { currentTraceparent, traceparentHeader } from '@omni2/telemetry'
import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  handleWhen,
  IterableBackoff,
  retry,
  type CircuitBreakerPolicy,
} from 'cockatiel'
import {
  classifyToolFailure,
  describeFailure,
  isAnswer,
  isLocalFailure,
  isServersFault,
  isWorthRetrying,
} from './classify-tool-failure.ts'
import type { Connection } from './connection.ts'
import { KeptConnection } from './kept-connection.ts'
import { openConnection, type ConnectionDeps } from './open-connection.ts'
import type { ServerSettings } from './parse-server.ts'
import type { Listing } from './offer-listing.ts'
import { readResult, type ToolResult } from './read-result.ts'
import { readTools } from './read-tools.ts'
import type { Schema } from './schemas/subschemas.ts'
import { takeResult } from './wire/read-message.ts'
import { CallCancelledError } from './tool-errors.ts'
import { ServerTools } from './server-tools.ts'

export interface ServerDeps extends Omit<ConnectionDeps, 'onListChanged'> {
  log: Pick<Logger, 'warn'>
  /** Pages of a server's list, above which it cannot be read. */
  listPages: number
  /** Tools of one server at most; those beyond are left out. */
  maxTools: number
  /** Called after each reading of a list, with whether it succeeded. */
  noteHealth: (server: string, isHealthy: boolean) => void
  listMaxAgeMs: number
  listRetryMs: number
  /** Failures in a row after which the server is left alone, and for how long. */
  breakerFailures: number
  breakerOpenMs: number
}

interface CallParams {
  name: string
  arguments: Record<string, unknown>
}

interface CallOptions {
  /** Whether a call whose answer was lost may be sent again. */
  repeatable: boolean
  /** Of the tool; it may say which arguments are sent as headers as well. */
  inputSchema?: Schema
  /** Rejects when the tool may not be called; asked right before each sending. */
  permit: () => Promise<void>
  signal: AbortSignal
}

/** One MCP server as this worker knows it: its tools, one connection, and a circuit breaker. */
export class McpServer implements AsyncDisposable {
  readonly settings: ServerSettings
  readonly tools: ServerTools
  readonly #connection: KeptConnection
  readonly #breaker: CircuitBreakerPolicy

  constructor(settings: ServerSettings, deps: ServerDeps) {
    this.settings = settings
    // A cancelled call shows nothing about the server. If it was the test call, the test has failed.
    const isFailure = handleWhen(
      (error) => isServersFault(error) || (isLocalFailure(error) && this.#isTrying),
    )
    this.#breaker = circuitBreaker(isFailure, {
      halfOpenAfter: deps.breakerOpenMs,
      breaker: new ConsecutiveBreaker(deps.breakerFailures),
    })
    // A session that hangs looks open, so the test call uses a new one.
    this.#breaker.onBreak(() => this.#connection.replace())
    this.#connection = new KeptConnection({
      open: () => openConnection(settings, { ...deps, onListChanged: () => this.tools.expire() }),
      isUsableAfter: (error) => isAnswer(error) || classifyToolFailure(error).kind === 'timeout',
    })
    this.tools = new ServerTools({
      read: () => this.#readTools(deps),
      describe: (error) => describeFailure(classifyToolFailure(error)),
      onListed: ({ notes }) => logNotes(settings.name, notes, deps),
      onMissing: (reason) => this.#connection.isClosed || logMissing(settings.name, reason, deps),
      onRead: (isReachable) => this.#connection.isClosed || deps.noteHealth(settings.name, isReachable),
      maxAgeMs: deps.listMaxAgeMs,
      retryMs: deps.listRetryMs,
    })
  }

  /** Whether it failed so often that calls are refused, except the one that tests it again. */
  get isCircuitOpen(): boolean {
    return this.#breaker.state !== CircuitState.Closed
  }

  /** Calls a tool; rejects with what classifyToolFailure understands, or with what `permit` rejects with. */
  call(params: CallParams, options: CallOptions): Promise<ToolResult> {
    return this.#tryAgain(options.repeatable, () => this.#send(params, options))
  }

  /** The only place that sends a call. The right was checked after the connection of the call was made. */
  async #send(params: CallParams, { inputSchema, permit, signal }: CallOptions): Promise<ToolResult> {
    const connection = await this.#permittedConnection(permit, signal)
    try {
      const toolDefinition = { name: params.name, inputSchema: { ...inputSchema, type: 'object' as const } }
      const options = { signal, timeout: this.settings.timeoutMs, toolDefinition }
      const wrapped = await this.#connection.useOpened(connection, (client) =>
        client.callTool({ ...params, ...makeTraceMeta() }, options),
      )
      return readResult(takeResult(wrapped).result)
    } catch (error) {
      throw signal.aborted ? new CallCancelledError() : error
    }
  }

  /** Checks the right again if the connection was lost meanwhile, because a new connection takes time. */
  async #permittedConnection(permit: () => Promise<void>, signal: AbortSignal): Promise<Connection> {
    for (;;) {
      if (signal.aborted) throw new CallCancelledError()
      const connection = await this.#connection.opened()
      await permit()
      if (signal.aborted) throw new CallCancelledError()
      if (connection.isOpen) return connection
    }
  }

  #readTools({
    maxTools,
    listPages: maxPages,
  }: Pick<ServerDeps, 'maxTools' | 'listPages'>): Promise<Listing> {
    const { name: server, timeoutMs } = this.settings
    const options = { server, timeoutMs, maxTools, maxPages }
    return this.#tryAgain(true, () => this.#connection.use((client) => readTools(client, options)))
  }

  /** The first retry has no pause: most often only the session had ended. */
  #tryAgain<T>(repeatable: boolean, work: () => Promise<T>): Promise<T> {
    const { retries, retryDelayMs } = this.settings
    const pauses = Array.from({ length: retries }, (_, index) => (index === 0 ? 0 : retryDelayMs))
    const again = retry(
      handleWhen((error) => isWorthRetrying(error, repeatable)),
      { maxAttempts: retries, backoff: new IterableBackoff(pauses.length > 0 ? pauses : [0]) },
    )
    return again.dangerouslyUnref().execute(() => this.#unlessLeftAlone(work))
  }

  /** While one call tests the server, the others are refused at once. */
  #unlessLeftAlone<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isTrying) return Promise.reject(new BrokenCircuitError())
    return this.#breaker.execute(work)
  }

  get #isTrying(): boolean {
    return this.#breaker.state === CircuitState.HalfOpen
  }

  /** Takes no new work, lets what runs end, then closes. */
  retire(): void {
    this.#connection.retire()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection[Symbol.asyncDispose]()
  }
}

/** Lets a server hang what it does below our span: MCP has W3C's names in `_meta`. */
function makeTraceMeta(): { _meta?: Record<string, string> } {
  const traceparent = currentTraceparent()
  return traceparent === undefined ? {} : { _meta: { [traceparentHeader]: traceparent } }
}

const logMissing = (server: string, reason: string, { log }: Pick<ServerDeps, 'log'>): void =>
  log.warn({ server, reason }, 'mcp tools not listed')

/** Notes of one list that are logged; the Admin API shows the others. */
const loggedNotes = 20

function logNotes(server: string, notes: Listing['notes'], { log }: Pick<ServerDeps, 'log'>): void {
  if (notes.length === 0) return
  const leftOut = notes.filter(({ state }) => state === 'left_out').length
  const counts = { mapped: notes.length - leftOut, left_out: leftOut }
  log.warn({ server, ...counts, notes: notes.slice(0, loggedNotes) }, 'mcp tools mapped or left out')
}
