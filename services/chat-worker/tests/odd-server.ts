import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** An MCP server over HTTP that lists whatever it is given, over pages, and remembers what its tools were called with. */
export interface OddServer extends AsyncDisposable {
  url: string
  calls: { name: string; arguments: unknown }[]
  /** The tools that it lists; may be changed. */
  tools: readonly unknown[]
}

interface Message {
  id?: number
  method: string
  params?: { name: string; arguments: unknown; cursor?: string }
}

const pageLength = 13

/** Opens the server; it speaks the protocol with `initialize`, without sessions. */
export async function openOddServer(tools: readonly unknown[]): Promise<OddServer> {
  const odd: Pick<OddServer, 'calls' | 'tools'> = { calls: [], tools }
  const http = createServer((request, response) => void answer(request, response, odd))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return Object.assign(odd, {
    url: `http://127.0.0.1:${port}/mcp`,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections()
      http.close()
    },
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  odd: Pick<OddServer, 'calls' | 'tools'>,
): Promise<void> {
  if (request.method !== 'POST') return void response.writeHead(405).end()
  const { id, ...message } = (await json(request)) as Message
  if (id === undefined) return void response.writeHead(202).end()
  const result = makeResult(message, odd)
  const missing = { error: { code: -32_601, message: 'no such method' } }
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ jsonrpc: '2.0', id, ...(result ? { result } : missing) }))
}

function makeResult(
  { method, params }: Message,
  odd: Pick<OddServer, 'calls' | 'tools'>,
): object | undefined {
  if (method === 'initialize')
    return {
      protocolVersion: '2025-06-18',
      capabilities: { tools: {} },
      serverInfo: { name: 'odd', version: '1' },
    }
  if (method === 'tools/list') return makePage(odd.tools, Number(params?.cursor ?? 0))
  if (method !== 'tools/call' || !params) return undefined
  odd.calls.push({ name: params.name, arguments: params.arguments })
  return { content: [{ type: 'text', text: `${params.name} was called` }] }
}

function makePage(tools: readonly unknown[], begin: number): object {
  const end = begin + pageLength
  return { tools: tools.slice(begin, end), ...(end < tools.length && { nextCursor: String(end) }) }
}
