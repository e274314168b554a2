import type { McpServerRow } from '@omni2/db'
import type { Logger } from '@omni2/service-kit'
import { McpServer, type ServerDeps } from './mcp-server.ts'
import { parseServer, type ServerBounds } from './parse-server.ts'
import type { ToolCounts } from './toolbox.ts'

interface DirectoryDeps extends ServerDeps, ServerBounds {
  /** The rows of the active servers. */
  loadRows: () => Promise<McpServerRow[]>
  /** Age of the rows at which they are read anew. */
  rowsMaxAgeMs: number
  log: Pick<Logger, 'warn'>
}

/**
 * The active MCP servers of the database. Rows are read when somebody asks and they are too old; where they cannot be
 * read, the last ones serve on. A server whose row changed is replaced, and closes when its calls have ended.
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
    const isFresh = !this.#isExpired && Date.now() - this.#loadedAt < this.#deps.rowsMaxAgeMs
    // Whoever asks has seen its row: one that is not known yet is newer than what was read.
    if (!isFresh || !this.#servers.has(name)) await this.load()
    return this.#servers.get(name)
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

  /** Reads the rows anew; all who ask meanwhile share one reading. */
  load(): Promise<void> {
    return (this.#loading ??= this.#load().finally(() => (this.#loading = undefined)))
  }

  /** Has the rows read anew by whoever asks next, and the lists at once. */
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

  /** Rows that were read while somebody told of a change may be from before it. */
  async #readRows(): Promise<McpServerRow[]> {
    this.#loadedAt = Date.now()
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
