import type { ItemOf } from '../../session/item-of.ts'
import { useList } from '../use-list.ts'

/** An MCP server with its credentials masked. */
export type McpServer = ItemOf<'listMcpServers'>

/** The query of all servers; invalidated by each change. */
export const serversQuery = ['mcp-servers'] as const

export const useServers = () => useList<McpServer>(serversQuery, '/mcp-servers')
