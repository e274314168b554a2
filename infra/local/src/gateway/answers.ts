import { type IncomingMessage, STATUS_CODES } from 'node:http'
import { httpCodes, type HttpCodeName } from '@omni2/contracts'
import { endToEnd } from './end-to-end.ts'
import type { Routes } from './routes.ts'

/** A whole response: of the gateway itself, or of an upstream. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer
}

function makeRefusal(
  code: HttpCodeName,
  error: string,
  fields: Readonly<Record<string, unknown>> = {},
): Answer {
  const body = Buffer.from(`${JSON.stringify({ error, code, ...fields })}\n`)
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  return { status: httpCodes[code].httpStatus, headers, body }
}

/** The gateway's own answers. */
export const answers = {
  badHeader: (name: string): Answer => makeRefusal('bad_header', `the header ${name} is not allowed`),

  notServed: ({ method, url }: Pick<IncomingMessage, 'method' | 'url'>, { served }: Routes): Answer => {
    const path = (url ?? '/').replace(/\?.*$/s, '')
    return makeRefusal('not_served', `nothing is served at ${path}`, { method, path, served })
  },

  upstreamFailed: (upstream: string): Answer =>
    makeRefusal('upstream_unavailable', `${upstream} does not answer; try again in a moment`),
}

/** Largest answer of an upstream that is passed on whole, in bytes; a larger one is an error. */
const mostBodyBytes = 64 * 1024

/** Reads an upstream's answer to its end; rejects when it breaks off, is too long, or has an invalid status. */
export async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const status = response.statusCode ?? 0
  if (status < 200 || status > 599) throw new Error(`${status} is no status of an answer`)
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    bytes += part.byteLength
    if (bytes > mostBodyBytes) throw new Error(`the answer has more than ${mostBodyBytes} bytes`)
    parts.push(part)
  }
  const { 'content-length': _length, date: _date, ...headers } = endToEnd(response.headers)
  return { status, headers, body: Buffer.concat(parts) }
}

/** The bytes of an answer on a connection that ends with it. */
export function encodeAnswer({ status, headers, body }: Answer): Buffer {
  const all = { ...headers, 'content-length': String(body.byteLength), connection: 'close' }
  const lines = Object.entries(all).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`))
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}
