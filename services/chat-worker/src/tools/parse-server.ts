import type { McpServerRow } from '@omni2/db'
import { parseAuthHeaders } from './parse-auth-headers.ts'
import type { StdioCommand } from '../parse-stdio-servers.ts'

/** How an MCP server is reached. */
export type ServerAddress =
  | { kind: 'http'; url: URL; headers: Readonly<Record<string, string>> }
  | { kind: 'stdio'; command: StdioCommand }
  /** Its row cannot be used; the reason is a fixed phrase. */
  | { kind: 'unusable'; reason: string }

/** One active MCP server with its bounds. */
export interface ServerSettings {
  name: string
  address: ServerAddress
  /** Longest call. */
  timeoutMs: number
  /** Further tries where trying again is safe, and the pause before each. */
  retries: number
  retryDelayMs: number
}

export interface ServerBounds {
  callTimeoutMs: number
  stdioServers: Readonly<Record<string, StdioCommand>>
}

/** Most retries and longest pause before one that a row may ask for. */
const mostRetries = 5
const longestRetryDelayMs = 10_000
/** What a row that says nothing gets, as its columns' defaults do. */
const defaults = { timeoutSeconds: 30, retries: 2, retryDelaySeconds: 1 }

const httpProtocols = new Set(['http', 'https', 'streamablehttp'])

/** Reads a row of `omni2.mcp_servers`; one that cannot be used keeps its name and says why. */
export function parseServer(row: McpServerRow, bounds: ServerBounds): ServerSettings {
  const timeoutMs = (row.timeout_seconds ?? defaults.timeoutSeconds) * 1000
  const retryDelayMs = (row.retry_delay_seconds ?? defaults.retryDelaySeconds) * 1000
  return {
    name: row.name,
    address: parseAddress(row, bounds),
    timeoutMs: clamp(timeoutMs, 1, bounds.callTimeoutMs),
    retries: clamp(row.max_retries ?? defaults.retries, 0, mostRetries),
    retryDelayMs: clamp(retryDelayMs, 0, longestRetryDelayMs),
  }
}

function parseAddress(row: McpServerRow, { stdioServers }: ServerBounds): ServerAddress {
  const protocol = (row.protocol ?? 'http').toLowerCase().replaceAll(/[-_ ]/g, '')
  if (protocol === 'stdio') return findCommand(row.name, stdioServers)
  if (!httpProtocols.has(protocol)) return unusable('its protocol is not supported')
  const url = URL.parse(row.url)
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return unusable('its url is not http or https')
  if (url.username !== '' || url.password !== '') return unusable('its url holds credentials')
  const headers = parseAuthHeaders(row)
  return headers ? { kind: 'http', url, headers } : unusable('its authentication cannot be read')
}

/** A row only names a command; what is run stands in the worker's own configuration. */
function findCommand(name: string, servers: Readonly<Record<string, StdioCommand>>): ServerAddress {
  const command = Object.hasOwn(servers, name) ? servers[name] : undefined
  return command ? { kind: 'stdio', command } : unusable('no command of its name is configured')
}

const unusable = (reason: string): ServerAddress => ({ kind: 'unusable', reason })

const clamp = (value: number, least: number, most: number): number =>
  Math.min(Math.max(Math.trunc(value), least), most)
