import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http'
import type { Answer } from './answers.ts'
import type { GatewayConfig } from './config.ts'
import { readIdentity } from './identity-headers.ts'

/** Auth vouches for the request, or answers the client itself. */
export type Verdict = { readonly identity: Record<string, string> } | { readonly refusal: Answer }

/** Bytes of auth's answer that are passed on; more is an error. */
const mostBodyBytes = 64 * 1024

/** ForwardAuth: asks auth whether the request may pass and for whom it is. Rejects when auth does not answer. */
export async function askAuth(request: IncomingMessage, config: GatewayConfig): Promise<Verdict> {
  const asking = httpRequest(`${config.AUTH_URL}/validate`, {
    headers: describeRequest(request),
    agent: false,
    signal: AbortSignal.timeout(config.GATEWAY_AUTH_TIMEOUT_MS),
  })
  asking.end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  const body = await readBody(response)
  const status = response.statusCode ?? 500
  if (status >= 200 && status < 300) return { identity: readIdentity(response.headers) }
  return { refusal: { status, headers: endToEnd(response.headers), body } }
}

/** The original request, as ForwardAuth describes it. */
function describeRequest({ method, url, headers }: IncomingMessage): Record<string, string> {
  const passed = ['authorization', 'cookie', 'origin', 'sec-fetch-site', 'user-agent']
  const forwarded = Object.keys(headers).filter((name) => name.startsWith('x-forwarded-'))
  const said = [...passed, ...forwarded].flatMap((name) => {
    const value = headers[name]
    return value === undefined ? [] : [[name, [value].flat().join(', ')] as const]
  })
  return { ...Object.fromEntries(said), 'x-forwarded-method': method ?? 'GET', 'x-forwarded-uri': url ?? '/' }
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.byteLength
    if (bytes > mostBodyBytes) throw new Error(`auth's answer has more than ${mostBodyBytes} bytes`)
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const hopByHop = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'trailer',
  'date',
])

function endToEnd(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || hopByHop.has(name) ? [] : [[name, value] as const],
  )
  return Object.fromEntries(kept)
}
