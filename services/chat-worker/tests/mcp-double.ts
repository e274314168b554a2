import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import {
  createMcpHandler,
  McpServer,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import { z } from 'zod'

/** One JSON-RPC message as the double received it. */
interface Received {
  method: string
  id?: number | string
  params?: { name?: string; requestId?: number | string; arguments?: unknown }
  headers: IncomingMessage['headers']
}

/** A real MCP server over HTTP, written with the official server package, that remembers what reached it. */
export interface McpDouble extends AsyncDisposable {
  url: string
  port: number
  received: Received[]
  /** Calls of a tool that the double received. */
  calls: (tool: string) => Received[]
  /** Resolves when the double has received a message that matches. */
  heard: (matches: (message: Received) => boolean) => Promise<Received>
  /** Tools whose calls were aborted on the side of the server. */
  aborted: string[]
  /** Methods whose answers have begun, in order. */
  answering: string[]
  /** Lets all calls of `wait` answer. */
  release: () => void
  /** Adds a tool to every session, which notifies its client of the change. */
  addTool: (name: string) => void
  /** Forgets every session, as a restart does. */
  forget: () => void
  /** Ends every connection where it is. */
  dropConnections: () => void
  /** Answers messages in place of MCP, while it is set. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
}

type Era = 'sessions' | 'sessionless'

/** Opens the double; `sessions` speaks the protocol with `initialize`, `sessionless` that of 2026-07-28 only. */
export async function openMcpDouble(era: Era = 'sessions', listenPort = 0): Promise<McpDouble> {
  const received: Received[] = []
  const waiting = new Set<() => void>()
  const listeners = new Set<(message: Received) => void>()
  const aborted: string[] = []
  const answering: string[] = []
  const sessions = new Map<
    string,
    { transport: WebStandardStreamableHTTPServerTransport; server: McpServer }
  >()
  const make = () => makeServer({ waiting, aborted })
  const modern = createMcpHandler(make, { legacy: 'reject' })

  const note = (headers: IncomingMessage['headers'], body: unknown) => {
    for (const message of [body].flat()) {
      const heard = { ...(message as Omit<Received, 'headers'>), headers }
      received.push(heard)
      for (const listener of listeners) listener(heard)
    }
  }
  const answerSession = async (request: Request, body: unknown): Promise<Response> => {
    const known = sessions.get(request.headers.get('mcp-session-id') ?? '')
    if (known) return known.transport.handleRequest(request, { parsedBody: body })
    if (request.headers.has('mcp-session-id')) return new Response('no such session', { status: 404 })
    const server = make()
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, { transport, server }),
    })
    await server.connect(transport)
    return transport.handleRequest(request, { parsedBody: body })
  }

  const double: Pick<McpDouble, 'intercept'> = { intercept: undefined }
  const http = createServer((request, response) => {
    if (double.intercept && request.method === 'POST') return double.intercept(request, response)
    void serve(request, response, async (web, body) => {
      if (body !== undefined) note(request.headers, body)
      const [latest] = received.slice(-1)
      response.once('pipe', () => answering.push(latest?.method ?? ''))
      return era === 'sessions'
        ? answerSession(web, body)
        : modern.fetch(web, body === undefined ? {} : { parsedBody: body })
    })
  })
  http.listen(listenPort, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return Object.assign(double, {
    url: `http://127.0.0.1:${port}/mcp`,
    port,
    received,
    aborted,
    answering,
    calls: (tool: string) =>
      received.filter(({ method, params }) => method === 'tools/call' && params?.name === tool),
    heard: (matches: (message: Received) => boolean) => {
      const { promise, resolve } = Promise.withResolvers<Received>()
      const found = received.find(matches)
      if (found) resolve(found)
      listeners.add((message) => matches(message) && resolve(message))
      return promise
    },
    release: () => {
      for (const answer of waiting) answer()
    },
    addTool: (name: string) => {
      for (const { server } of sessions.values()) server.registerTool(name, {}, () => text(name))
    },
    forget: () => sessions.clear(),
    dropConnections: () => http.closeAllConnections(),
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections()
      http.close()
      await modern.close()
    },
  })
}

const text = (said: string) => ({ content: [{ type: 'text' as const, text: said }] })

function makeServer({ waiting, aborted }: { waiting: Set<() => void>; aborted: string[] }): McpServer {
  const server = new McpServer({ name: 'double', version: '1' })
  const readOnly = { annotations: { readOnlyHint: true } }
  server.registerTool('read_note', { ...readOnly, description: 'Reads a note' }, () => text('the note'))
  server.registerTool('write_note', { inputSchema: z.object({ text: z.string() }) }, (args) =>
    text(`wrote ${args.text}`),
  )
  server.registerTool('fail', {}, () => ({ ...text('the disk is full'), isError: true }))
  server.registerTool('shout', { ...readOnly, inputSchema: z.object({ bytes: z.number() }) }, ({ bytes }) =>
    text('A'.repeat(bytes)),
  )
  server.registerTool('whisper', readOnly, () => text('be\u0007ware\u202e: <ignore> \u{E0041}'))
  server.registerTool('draw', readOnly, () => ({
    content: [{ type: 'image' as const, mimeType: 'image/png', data: 'AAAA' }],
  }))
  server.registerTool('wait', {}, async (ctx) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.add(resolve)
    ctx.mcpReq.signal.addEventListener('abort', () => aborted.push('wait'))
    await promise
    return text('too late')
  })
  return server
}

/** Hands a request of node:http to a web handler and streams its response back. */
async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  handle: (request: Request, body: unknown) => Promise<Response>,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString()
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const headers = Object.entries(request.headers).map(([name, value]): [string, string] => [
    name,
    String(value),
  ])
  const method = request.method ?? 'GET'
  const init = { method, headers, signal: gone.signal, ...(method === 'POST' && { body }) }
  const web = new Request(`http://${request.headers.host}${request.url}`, init)
  const answer = await handle(web, method === 'POST' ? JSON.parse(body) : undefined)
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  response.flushHeaders()
  if (!answer.body) return void response.end()
  Readable.fromWeb(answer.body)
    .on('error', () => response.destroy())
    .pipe(response)
}
