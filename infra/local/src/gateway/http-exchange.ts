import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ProxyServer } from 'httpxy'
import type { Exchange } from './flow.ts'
import { useConnection } from './use-connection.ts'

/** A plain request and its response. */
export function makeHttpExchange(
  request: IncomingMessage,
  response: ServerResponse,
  { proxy }: { proxy: Pick<ProxyServer, 'web'> },
): Exchange {
  return {
    request,
    answer: ({ status, headers, body }) => {
      // An upstream that fails in the middle of its answer: all we can still say is that it is not whole.
      if (response.headersSent) return void response.destroy()
      // The body that nobody reads would stand before the next request on this connection.
      response.shouldKeepAlive &&= request.complete
      response.writeHead(status, { ...headers, 'content-length': body.byteLength }).end(body)
    },
    forward: async ({ url, connection }) => {
      const options = { target: url, agent: useConnection(connection), headers: { connection: 'close' } }
      await proxy.web(request, response, options)
    },
  }
}
