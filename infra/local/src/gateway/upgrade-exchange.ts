import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import { addAbortSignal } from 'node:stream'
import { type Answer, encodeAnswer, readAnswer } from './answers.ts'
import { awaitAnswer } from './await-answer.ts'
import type { GatewayConfig } from './config.ts'
import { endToEnd } from './end-to-end.ts'
import type { Exchange } from './flow.ts'
import { spliceSockets } from './splice-sockets.ts'

type UpgradeConfig = Pick<GatewayConfig, 'GATEWAY_UPGRADE_TIMEOUT_MS' | 'GATEWAY_STALL_TIMEOUT_MS'>

/** A request to become a WebSocket: after the upstream's 101 the bytes of both sides are spliced unread. */
export function makeUpgradeExchange(
  request: IncomingMessage,
  /** Bytes that came with the request's head. */
  head: Buffer,
  { config }: { config: UpgradeConfig },
): Exchange {
  const client = request.socket
  const leaving = new AbortController()
  client.once('close', () => leaving.abort())
  let answered = false
  const answer = (given: Answer) => {
    if (answered) return void client.destroy()
    answered = true
    client.once('finish', () => client.destroy())
    client.end(encodeAnswer(given))
  }
  return {
    request,
    gone: leaving.signal,
    answer,
    forward: async (connection) => {
      const timeout = AbortSignal.timeout(config.GATEWAY_UPGRADE_TIMEOUT_MS)
      const signal = AbortSignal.any([leaving.signal, timeout])
      const { response, switched } = await awaitAnswer(askForUpgrade(request, connection), signal)
      if (!switched) return answer(await readAnswer(addAbortSignal(signal, response)))
      if (!isWebSocket(response)) throw new Error('the upstream switches to another protocol')
      answered = true
      client.write(encodeSwitch(response))
      client.unshift(head)
      connection.unshift(switched.head)
      await spliceSockets(client, connection, config)
    },
  }
}

/** Whether a request or its 101 is for a WebSocket; an upgrade to another protocol gets an answer in HTTP. */
export const isWebSocket = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket'

function askForUpgrade({ url, headers }: IncomingMessage, connection: Socket): ClientRequest {
  // The request ends with its head: what follows is the new protocol's.
  const { 'content-length': _length, ...passed } = endToEnd(headers)
  return httpRequest({
    path: url,
    headers: { ...passed, connection: 'Upgrade', upgrade: 'websocket' },
    createConnection: () => connection,
  }).end()
}

/** The upstream's 101, unchanged. */
function encodeSwitch({ rawHeaders }: IncomingMessage): Buffer {
  const lines = ['HTTP/1.1 101 Switching Protocols']
  for (let at = 0; at < rawHeaders.length; at += 2) lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}
