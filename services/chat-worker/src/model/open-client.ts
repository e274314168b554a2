import type { Readable } from 'node:stream'
import { Anthropic } from '@anthropic-ai/sdk'
import { Agent, interceptors, request } from 'undici'
import type { Config } from '../config.ts'

/** Bodies of streamed answers, which are read as they are (decision 0031). */
const bodies = new WeakMap<Response, Readable>()

/** The body of a streamed answer; undefined if the answer was no stream. */
export const bodyOf = (response: Response): Readable | undefined => bodies.get(response)

/** As many as `fetch` follows of a request that may be sent again. */
const mostRedirections = 20

/** A call has its own bounds of silence. */
const unlimited = { headersTimeout: 0, bodyTimeout: 0 }

/** The client of the model's API. */
export function openClient(config: Pick<Config, 'ANTHROPIC_API_KEY' | 'ANTHROPIC_BASE_URL'>): Anthropic {
  const dispatcher = new Agent(unlimited).compose(
    interceptors.redirect({ maxRedirections: mostRedirections }),
  )
  return new Anthropic({
    apiKey: config.ANTHROPIC_API_KEY,
    baseURL: config.ANTHROPIC_BASE_URL,
    maxRetries: 0,
    fetch: (url, init) => send(url, init, dispatcher),
    // We trace requests ourselves. The variables of the SDK could put texts of users into traces.
    openTelemetry: { traces: false, propagation: false },
  })
}

type Send = (
  ...args: [...Parameters<typeof fetch>, dispatcher: ReturnType<Agent['compose']>]
) => Promise<Response>

/** `fetch` without web streams, which cost more than all other work on a streamed token. */
const send: Send = async (given, { method = 'GET', headers, body, signal } = {}, dispatcher) => {
  const url = given instanceof Request ? given.url : given.toString()
  const answer = await request(url, {
    method,
    headers: { ...Object.fromEntries(new Headers(headers)), 'accept-encoding': 'identity' },
    body: body as string,
    signal: signal ?? null,
    dispatcher,
  })
  const head = { status: answer.statusCode, headers: makeHeaders(answer.headers) }
  if (!isStream(url, head)) return new Response(await answer.body.text(), head)
  const response = new Response(null, head)
  bodies.set(response, answer.body)
  return response
}

/** Of the calls that are made here, those for messages stream; not every gateway says so in its answer. */
const isStream = (url: string, { status }: { status: number }): boolean =>
  status === 200 && new URL(url).pathname.endsWith('/messages')

function makeHeaders(given: Record<string, string | string[] | undefined>): Headers {
  const headers = new Headers()
  for (const [name, values = []] of Object.entries(given))
    for (const value of [values].flat()) headers.append(name, value)
  return headers
}
