import type { CallToolResult } from '@modelcontextprotocol/client'
import type { Logger } from '@omni2/service-kit'
import {
  circuitBreaker,
  ConsecutiveBreaker,
  handleWhen,
  IterableBackoff,
  retry,
  wrap,
  type CircuitBreakerPolicy,
} from 'cockatiel'
import { classifyFailure, describeFailure, isServersFault, isWorthRetrying } from './classify-failure.ts'
import { KeptConnection } from './kept-connection.ts'
import { openConnection, type ConnectionDeps } from './open-connection.ts'
import type { ServerSettings } from './parse-server.ts'
import { readTools } from './read-tools.ts'
import { CallCancelledError } from './tool-errors.ts'
import { ServerTools } from './server-tools.ts'
import type { OfferedTool } from './toolbox.ts'

export interface ServerDeps extends Omit<ConnectionDeps, 'onListChanged'> {
  log: Pick<Logger, 'warn'>
  /** Tools of one server at most; those beyond are left out. */
  maxTools: number
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
  /** Rejects when the tool may not be called; asked right before each sending. */
  permit: () => Promise<void>
  signal: AbortSignal
}

/** One MCP server as this worker knows it: its tools, one connection, and a breaker that leaves it alone when it fails. */
export class McpServer implements AsyncDisposable {
  readonly settings: ServerSettings
  readonly tools: ServerTools
  readonly #connection: KeptConnection
  readonly #breaker: CircuitBreakerPolicy

  constructor(settings: ServerSettings, deps: ServerDeps) {
    this.settings = settings
    this.#breaker = circuitBreaker(handleWhen(isServersFault), {
      halfOpenAfter: deps.breakerOpenMs,
      breaker: new ConsecutiveBreaker(deps.breakerFailures),
    })
    this.#connection = new KeptConnection({
      open: () => openConnection(settings, { ...deps, onListChanged: () => this.tools.expire() }),
      isUsableAfter: (error) => ['answered', 'timeout'].includes(classifyFailure(error).kind),
    })
    this.tools = new ServerTools({
      read: () => this.#readTools(deps.maxTools),
      describe: (error) => describeFailure(classifyFailure(error)),
      onMissing: (reason) => this.#connection.isClosed || tellMissing(settings.name, reason, deps),
      maxAgeMs: deps.listMaxAgeMs,
      retryMs: deps.listRetryMs,
    })
  }

  /** Calls a tool; rejects with what classifyFailure understands, or with what `permit` rejects with. */
  call(params: CallParams, options: CallOptions): Promise<CallToolResult> {
    return this.#tryAgain(options.repeatable, () => this.#send(params, options))
  }

  /** The only place that sends a call; whatever leads here, the right to it is asked for first. */
  async #send(params: CallParams, { permit, signal }: CallOptions): Promise<CallToolResult> {
    if (signal.aborted) throw new CallCancelledError()
    await permit()
    if (!this.#connection.isOpen) {
      await this.#connection.opened()
      // Connecting took its time: the right may have gone meanwhile.
      await permit()
    }
    if (signal.aborted) throw new CallCancelledError()
    try {
      const options = { signal, timeout: this.settings.timeoutMs }
      return await this.#connection.use((client) => client.callTool(params, options))
    } catch (error) {
      throw signal.aborted ? new CallCancelledError() : error
    }
  }

  #readTools(maxTools: number): Promise<OfferedTool[]> {
    const { name: server, timeoutMs } = this.settings
    const options = { server, timeoutMs, maxTools }
    return this.#tryAgain(true, () => this.#connection.use((client) => readTools(client, options)))
  }

  /** The first further try comes at once: most often only the session had ended. */
  #tryAgain<T>(repeatable: boolean, work: () => Promise<T>): Promise<T> {
    const { retries, retryDelayMs } = this.settings
    const pauses = Array.from({ length: retries }, (_, index) => (index === 0 ? 0 : retryDelayMs))
    const again = retry(
      handleWhen((error) => isWorthRetrying(error, repeatable)),
      { maxAttempts: retries, backoff: new IterableBackoff(pauses.length > 0 ? pauses : [0]) },
    )
    return wrap(again.dangerouslyUnref(), this.#breaker).execute(work)
  }

  /** Takes no new work, lets what runs end, then closes. */
  retire(): void {
    this.#connection.retire()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#connection[Symbol.asyncDispose]()
  }
}

const tellMissing = (server: string, reason: string, { log }: Pick<ServerDeps, 'log'>): void =>
  log.warn({ server, reason }, 'mcp tools not listed')
