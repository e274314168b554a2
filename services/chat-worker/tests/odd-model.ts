import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** Content blocks of a reply; the input of a call is its JSON text. */
export type OddReply = readonly ({ type: string; json?: string } & Record<string, unknown>)[]

/** A model whose reply to a user who says `odd:<name>` is one that no simulator would give; a real one answers the rest. */
export interface OddModel extends AsyncDisposable {
  url: string
}

export async function openOddModel(
  simulatorUrl: string,
  replies: Record<string, OddReply>,
): Promise<OddModel> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request)
    const name = /odd:(\w+)/.exec(JSON.stringify(JSON.parse(body).messages.at(-1)))?.[1]
    const odd = name && replies[name]
    if (odd) return void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(stream(odd))
    const passed = ['authorization', 'x-api-key', 'anthropic-version', 'content-type']
    const headers = passed.map((header): [string, string] => [header, String(request.headers[header] ?? '')])
    const answered = await fetch(simulatorUrl + request.url, { method: 'POST', headers, body })
    const type = answered.headers.get('content-type') ?? ''
    response.writeHead(answered.status, { 'content-type': type }).end(await answered.text())
  }
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  return { url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close }
}

function stream(blocks: OddReply): string {
  const usage = { input_tokens: 10, output_tokens: 1 }
  const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'odd', content: [], usage }
  return [
    { type: 'message_start', message },
    ...blocks.flatMap(({ json, ...content_block }, index) => [
      { type: 'content_block_start', index, content_block },
      ...(json === undefined
        ? []
        : [{ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: json } }]),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: 'tool_use', stop_sequence: null }, usage },
    { type: 'message_stop' },
  ]
    .map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
    .join('')
}
