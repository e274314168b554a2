import type { Identity, ToolNote } from '@omni2/contracts'
import type { KeyNames } from './schemas/rename-keys.ts'
import type { Schema } from './schemas/subschemas.ts'

/** A tool of an MCP server, as the model may be offered it. */
export interface OfferedTool {
  server: string
  tool: string
  /** As the model knows it: `server__tool`, at most 64 letters, digits, `_` and `-`. */
  name: string
  description: string
  /** JSON schema of the arguments, as the model's API takes it. */
  inputSchema: Schema
  /** The schema for the check of arguments, with the key names of the server. */
  argumentSchema: Schema
  /** The names for the model of keys that its API would refuse. */
  keyNames: KeyNames
  /** Safe to run again: its server declares it read-only or idempotent. */
  repeatable: boolean
}

/** A tool call as the model asked for it. */
export interface ToolRequest {
  callId: string
  /** The model's name of the tool. */
  name: string
  input: unknown
  /** Why the call cannot be made as the model wrote it, in a text for the model. */
  fault?: string
}

/**
 * The caller of tools: the account, and the tools in which names are looked up. The right to each tool is read again.
 */
export interface ToolCaller {
  identity: Pick<Identity, 'user_id' | 'sid'>
  offered: readonly OfferedTool[]
}

export type ToolStatus =
  | 'ok'
  /** The tool reported a failure, its server cannot be used, or the arguments do not fit its schema. */
  | 'error'
  /** Not permitted, or not offered: nothing was sent. */
  | 'refused'
  | 'timeout'
  | 'cancelled'

/** How a tool call went. */
export interface ToolOutcome {
  status: ToolStatus
  /** Empty for a name that was never offered. */
  server: string
  tool: string
  /** For the model: text, marked as data, without control characters, capped. */
  content: string
  /** The rule of the role or the account that permitted or refused the call. */
  rule: string
  durationMs: number
  /** Whether the cap left out a part of the result. */
  truncated: boolean
}

export interface ToolList {
  /** Sorted and the same byte for byte while the servers' lists stay the same. */
  tools: OfferedTool[]
  /** Servers whose list is not known; the reason is a fixed phrase. */
  unreachable: { server: string; reason: string }[]
}

/** How many tools are offered, offered as the model's API takes them, and not offered, over all servers. */
export type ToolCounts = Record<'offered' | ToolNote['state'], number>

/** The tools of all MCP servers that this worker can reach; disposal cancels what runs and closes the connections. */
export interface Toolbox extends AsyncDisposable {
  /** Tools of these servers: cached lists, refreshed. A server that cannot be reached is left out and named. */
  list(servers: readonly string[], signal: AbortSignal): Promise<ToolList>
  /** The last known tools of these servers, without waiting. */
  known(servers: readonly string[]): OfferedTool[]
  /** Checks the right of the caller again, then calls; never rejects. */
  call(request: ToolRequest, caller: ToolCaller, signal: AbortSignal): Promise<ToolOutcome>
  /** Which of a server's tools are offered otherwise than it describes them, or not at all. */
  notes(server: string): readonly ToolNote[]
  /**
   * The API of the model refuses a tool, for this reason. The tool is not offered for a while, or until its server
   * changes it.
   */
  setAside(tool: OfferedTool, why: string): void
  /** The servers changed: their rows are read before the next use, and their lists at once. */
  refresh(): void
  /** How many servers are not asked because they failed again and again. */
  countLeftAlone(): number
  countTools(): ToolCounts
}
