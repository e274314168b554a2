import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import type { Socket } from 'node:net'

const upgradeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
}

interface Upgraded {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  /** The text of a refusal; empty after a 101. */
  readonly body: string
  /** Only after a 101. */
  readonly socket: Socket | undefined
}

/** Asks for a WebSocket as a raw client and returns the answer as it came over the wire. */
export async function requestUpgrade(url: string, headers: Record<string, string> = {}): Promise<Upgraded> {
  const asking = request(url, { headers: { ...upgradeHeaders, ...headers }, agent: false })
  asking.end()
  const answered = new Promise<[IncomingMessage, Socket?]>((resolve, reject) => {
    asking.once('upgrade', (response, socket) => resolve([response, socket]))
    asking.once('response', (response) => resolve([response]))
    asking.once('error', reject)
  })
  const [response, socket] = await answered
  if (socket !== undefined) return { status: 101, headers: response.headers, body: '', socket }
  let body = ''
  response.setEncoding('utf8').on('data', (text: string) => (body += text))
  await once(response, 'end')
  return { status: response.statusCode ?? 0, headers: response.headers, body, socket: undefined }
}
