import {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { awaitAnswer } from './await-answer.ts'
import type { GatewayConfig } from './config.ts'
import { endToEnd } from './end-to-end.ts'
import type { Exchange } from './flow.ts'
import { limitStall } from './limit-stall.ts'

/** A plain request and its response. */
export function makeHttpExchange(
  request: IncomingMessage,
  response: ServerResponse,
  { config }: { config: Pick<GatewayConfig, 'GATEWAY_STALL_TIMEOUT_MS'> },
): Exchange {
  const leaving = new AbortController()
  response.once('close', () => leaving.abort())
  return {
    request,
    gone: leaving.signal,
    answer: ({ status, headers, body }) => {
      // The upstream failed in the middle of its answer: cutting the connection shows that it is incomplete.
      if (response.headersSent) return void response.destroy()
      response.writeHead(status, { ...headers, 'content-length': body.byteLength }).end(body)
    },
    forward: async (connection) => {
      const { method, url } = request
      // Asked to close, an upstream that answers before it has read the body would reset the connection, its answer with it.
      const headers = { ...endToEnd(request.headers), ...framing(request), connection: 'keep-alive' }
      const asking = httpRequest({ method, path: url, headers, createConnection: () => connection })
      try {
        limitStall(request, connection, config.GATEWAY_STALL_TIMEOUT_MS)
        send(request, asking)
        await passAnswer(asking, response, leaving.signal, config)
      } finally {
        asking.destroy()
        // The unread rest of the body stands before the next request on the client's connection.
        request.unpipe(asking).resume()
      }
    },
  }
}

/** The request's body, if it has one, ends at the upstream where it ended here. */
function framing({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const encoding = headers['transfer-encoding']
  return encoding === undefined ? {} : { 'transfer-encoding': encoding }
}

function send(request: IncomingMessage, asking: ClientRequest): void {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (length === undefined && encoding === undefined) return void asking.end()
  // A head that cannot be written fails here, not inside the pipe, where nothing could catch it.
  asking.flushHeaders()
  request.pipe(asking)
}

async function passAnswer(
  asking: ClientRequest,
  response: ServerResponse,
  gone: AbortSignal,
  { GATEWAY_STALL_TIMEOUT_MS }: Pick<GatewayConfig, 'GATEWAY_STALL_TIMEOUT_MS'>,
): Promise<void> {
  const { response: answer, switched } = await awaitAnswer(asking, gone)
  if (switched) throw new Error('the upstream switches to another protocol')
  response.writeHead(answer.statusCode ?? 0, answer.statusMessage, endToEnd(answer.headers))
  // An answer's head may come long before its first byte.
  response.flushHeaders()
  const client: Socket | null = response.socket
  if (client) limitStall(answer, client, GATEWAY_STALL_TIMEOUT_MS)
  await pipeline(answer, response)
}
