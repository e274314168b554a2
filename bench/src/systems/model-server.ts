import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { directiveOf, type Directive } from '../drive/directive.ts'
import { microseconds, stampToken } from '../measure/clock.ts'

// The model of every system that is measured: it speaks the wire of the Messages API, does next to nothing else, and
// each of its tokens says when it left. `GET /arrivals` returns when each named request arrived.

const arrivals = new Map<string, number>()
const mostArrivals = 200_000

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => response.destroy(error as Error))
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
// Its parent is gone.
process.stdin.resume().on('end', () => process.exit())

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/arrivals') return void response.end(JSON.stringify([...arrivals]))
  const arrivedAt = microseconds()
  const body = await text(request)
  if (request.url?.endsWith('/count_tokens')) {
    response.setHeader('content-type', 'application/json').end('{"input_tokens":20}')
    return
  }
  const directive = directiveOf(body)
  if (directive.id !== undefined && arrivals.size < mostArrivals) arrivals.set(directive.id, arrivedAt)
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'request-id': 'req_bench' })
  response.write(opening)
  await sendTokens(directive, response)
  response.end(ending(directive.tokens))
}

/** Every token is due at its own time after the first, whatever became of the one before. */
async function sendTokens({ tokens, paceMs }: Directive, response: ServerResponse): Promise<void> {
  const startedAt = performance.now()
  for (let sent = 0; sent < tokens && !response.destroyed; sent += 1) {
    const waitMs = startedAt + sent * paceMs - performance.now()
    if (waitMs > 0) await sleep(waitMs)
    response.write(
      event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: stampToken() } }),
    )
  }
}

const event = (data: { type: string } & Record<string, unknown>): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

const message = {
  id: 'msg_bench',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-5-5',
  content: [],
  stop_reason: null,
  stop_sequence: null,
  usage: { input_tokens: 20, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
}

const opening =
  event({ type: 'message_start', message }) +
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
  event({ type: 'ping' })

const ending = (tokens: number): string =>
  event({ type: 'content_block_stop', index: 0 }) +
  event({
    type: 'message_delta',
    delta: { stop_reason: 'end_turn', stop_sequence: null },
    usage: { output_tokens: tokens },
  }) +
  event({ type: 'message_stop' })
