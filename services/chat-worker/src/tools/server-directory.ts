import type { McpServerRow } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { McpServer, type ServerDeps } from './mcp-server.ts'
import { parseServer, type ServerBounds } from './parse-server.ts'
import type { ToolCounts } from './toolbox.ts'

interface DirectoryDeps extends ServerDeps, ServerBounds {
  /** The rows of the active servers. */
  loadRows: () => Promise<McpServerRow[]>
  /** Age at which the rows are read again. */
  rowsMaxAgeMs: number
  log: Pick<Logger, 'warn'>
}

/**
 * The active MCP servers of the database. A caller reads the rows if they are too old. If they cannot be read, the last
 * rows stay in use. A server whose row changed is replaced, and closes when its calls have ended.
 */
export class ServerDirectory implements AsyncDisposable {
  readonly #deps: DirectoryDeps
  #servers = new Map<string, McpServer>()
  #loadedAt = 0
  #isExpired = true
  #loading: Promise<void> | undefined

  constructor(deps: DirectoryDeps) {
    this.#deps = deps
  }

  /** The server of this name as last read, without waiting. */
  peek(name: string): McpServer | undefined {
    return this.#servers.get(name)
  }

  /** The server of this name; undefined where no active row has it. */
  async find(name: string): Promise<McpServer | undefined> {
    const isFresh = !this.#isExpired && performance.now() - this.#loadedAt < this.#deps.rowsMaxAgeMs
    // The caller has seen its row: an unknown one is newer than the last reading.
    if (!isFresh || !this.#servers.has(name)) await this.load()
    return this.#servers.get(name)
  }

  /** Reads what has become too old, of rows and lists, though no caller asks. */
  async refresh(): Promise<void> {
    if (performance.now() - this.#loadedAt >= this.#deps.rowsMaxAgeMs) await this.load()
    for (const server of this.#servers.values()) server.tools.refresh()
  }

  /** How many servers are not asked because they failed again and again. */
  countLeftAlone(): number {
    return [...this.#servers.values()].filter(({ isCircuitOpen }) => isCircuitOpen).length
  }

  /** What became of the tools of all servers. */
  countTools(): ToolCounts {
    const counts = { offered: 0, mapped: 0, left_out: 0, set_aside: 0 }
    for (const { tools } of this.#servers.values()) {
      counts.offered += tools.last.length
      for (const { state } of tools.notes) counts[state] += 1
    }
    return counts
  }

  /** Reads the rows again. Callers during a reading share its result. */
  load(): Promise<void> {
    return (this.#loading ??= this.#load().finally(() => (this.#loading = undefined)))
  }

  /** Makes the next caller read the rows again, and refreshes the lists at once. */
  expire(): void {
    this.#isExpired = true
    for (const server of this.#servers.values()) server.tools.expire()
  }

  async #load(): Promise<void> {
    try {
      this.#replace(await this.#readRows())
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'mcp servers not read')
    }
  }

  /** If a notice of a change arrives during a reading, the rows read may be older than the change. */
  async #readRows(): Promise<McpServerRow[]> {
    this.#loadedAt = performance.now()
    this.#isExpired = false
    const rows = await this.#deps.loadRows()
    return this.#isExpired ? this.#readRows() : rows
  }

  #replace(rows: readonly McpServerRow[]): void {
    const next = new Map(rows.map((row) => [row.name, this.#keepOrMake(row)]))
    const gone = [...this.#servers.values()].filter((server) => next.get(server.settings.name) !== server)
    this.#servers = next
    for (const server of gone) server.retire()
  }

  #keepOrMake(row: McpServerRow): McpServer {
    const settings = parseServer(row, this.#deps)
    const known = this.#servers.get(row.name)
    if (known && JSON.stringify(known.settings) === JSON.stringify(settings)) return known
    const server = new McpServer(settings, this.#deps)
    server.tools.refresh()
    return server
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server[Symbol.asyncDispose]()))
  }
}
