import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ClientFrame } from '@omni2/contracts'
import { WebSocketServer, type WebSocket } from 'ws'
import { Mailbox } from './mailbox.ts'

export const conversationId = '11111111-1111-4111-8111-111111111111'

/** The server's end of one socket, played by the test. */
export class ScriptedSocket {
  readonly url: URL
  readonly headers: IncomingMessage['headers']
  readonly #socket: WebSocket
  readonly #frames = new Mailbox<ClientFrame>()
  readonly #closed = Promise.withResolvers<number>()

  constructor(socket: WebSocket, request: IncomingMessage) {
    this.#socket = socket
    this.url = new URL(request.url ?? '', 'ws://scripted')
    this.headers = request.headers
    socket.on('message', (data) => this.#frames.put(JSON.parse((data as Buffer).toString())))
    socket.on('close', (code) => this.#closed.resolve(code))
  }

  /** Resolves to the close code once the client has gone. */
  get closed(): Promise<number> {
    return this.#closed.promise
  }

  /** Frames that came and that the test has not taken. */
  get waiting(): number {
    return this.#frames.size
  }

  next(): Promise<ClientFrame> {
    return this.#frames.take()
  }

  send(frame: object): void {
    this.#socket.send(JSON.stringify(frame))
  }

  sendRaw(data: string | Buffer): void {
    this.#socket.send(data)
  }

  welcome(fields: object = {}): this {
    const welcome = {
      protocol: 1,
      conversation_id: conversationId,
      text: 'Hi',
      resume_token: 'rt-1',
      limits: [],
      edge: 'e1',
    }
    this.send({ type: 'welcome', ...welcome, ...fields })
    return this
  }

  goodbye(code: number, fields: object = {}): void {
    this.send({ type: 'goodbye', code, resume: true, retry_after_ms: 0, ...fields })
    this.#socket.close(code)
  }

  close(code: number, reason = ''): void {
    this.#socket.close(code, reason)
  }

  /** Cuts the connection without a closing handshake, as a lost network does. */
  cut(): void {
    this.#socket.terminate()
  }
}

export interface ScriptedRequest {
  readonly request: IncomingMessage
  readonly body: string
  readonly response: ServerResponse
}

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string
  /** The next socket that a client opens. */
  nextSocket(): Promise<ScriptedSocket>
  /** The next HTTP request; the test answers it. */
  nextRequest(): Promise<ScriptedRequest>
  /** Requests that came and that the test has not taken. */
  readonly waitingRequests: number
  /**
   * Upgrades are answered with this status from now on, and `GET /auth/me` with it and a body; undefined accepts them
   * and leaves requests to the test again.
   */
  refuseUpgrades(status: number | undefined, body?: object): void
  /** Upgrades so far, refused ones included. */
  readonly upgrades: number
}

/** A server on a real port whose answers the test writes. */
export async function openScriptedServer(): Promise<ScriptedServer> {
  const sockets = new Mailbox<ScriptedSocket>()
  const requests = new Mailbox<ScriptedRequest>()
  const webSockets = new WebSocketServer({ noServer: true })
  let refusedWith: number | undefined
  let refusal: object = {}
  let upgrades = 0
  const server = createServer((request, response) => {
    if (refusedWith !== undefined && request.url === '/auth/me')
      return void response.writeHead(refusedWith).end(JSON.stringify(refusal))
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => requests.put({ request, response, body: Buffer.concat(chunks).toString() }))
  })
  server.on('upgrade', (request, socket, head) => {
    upgrades += 1
    if (refusedWith !== undefined)
      return socket.end(`HTTP/1.1 ${refusedWith} Refused\r\nContent-Length: 0\r\n\r\n`)
    webSockets.handleUpgrade(request, socket, head, (accepted) =>
      sockets.put(new ScriptedSocket(accepted, request)),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    nextSocket: () => sockets.take(),
    nextRequest: () => requests.take(),
    refuseUpgrades: (status, body = {}) => {
      refusedWith = status
      refusal = body
    },
    get waitingRequests() {
      return requests.size
    },
    get upgrades() {
      return upgrades
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of webSockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
