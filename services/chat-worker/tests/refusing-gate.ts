import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'

interface Body {
  tools?: { description?: string }[]
}

/** A model's API in front of another one that refuses each request with a tool of one description, as the real one words it. */
export interface RefusingGate extends AsyncDisposable {
  url: string
  /** What it refused requests with. */
  refusals: string[]
}

export async function openRefusingGate(model: string, description: string): Promise<RefusingGate> {
  const refusals: string[] = []
  const http = createServer((request, response) => void answer(request, response))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = (await json(request)) as Body
    const index = (body.tools ?? []).findIndex((tool) => tool.description === description)
    if (index === -1) return pass(new URL(request.url ?? '', model), body, response)
    const message = `tools.${index}.custom.input_schema: Unsupported`
    refusals.push(message)
    response.writeHead(400, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }))
  }
  return {
    url: `http://127.0.0.1:${port}`,
    refusals,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections()
      http.close()
    },
  }
}

async function pass(url: URL, body: Body, response: ServerResponse): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    'x-api-key': 'test',
    'anthropic-version': '2023-06-01',
  }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
  response.writeHead(answer.status, Object.fromEntries(answer.headers))
  if (answer.body) Readable.fromWeb(answer.body).pipe(response)
}
