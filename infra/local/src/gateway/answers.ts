import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Routes } from './routes.ts'

/** A whole response of the gateway's own, or one passed on from auth. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Buffer
}

function makeJsonAnswer(status: number, content: Readonly<Record<string, unknown>>): Answer {
  const body = Buffer.from(`${JSON.stringify(content)}\n`)
  const headers = {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
  return { status, headers, body }
}

/** What the gateway says itself. */
export const answers = {
  badHeader: (name: string): Answer =>
    makeJsonAnswer(400, { error: `the header ${name} is not allowed`, code: 'bad_header' }),

  badUpgrade: (): Answer =>
    makeJsonAnswer(400, { error: 'only upgrades to WebSocket are understood', code: 'bad_upgrade' }),

  notServed: (
    { method, url }: Pick<IncomingMessage, 'method' | 'url'>,
    { served, planned }: Routes,
  ): Answer => {
    const path = (url ?? '/').replace(/\?.*$/s, '')
    const isPlanned = planned.some((prefix) => path === prefix || path.startsWith(`${prefix}/`))
    const error = isPlanned ? `${path} is not served yet` : `nothing is served at ${path}`
    return makeJsonAnswer(404, { error, code: 'not_served', method, path, served })
  },

  upstreamFailed: (upstream: string): Answer =>
    makeJsonAnswer(503, {
      error: `${upstream} does not answer; try again in a moment`,
      code: 'upstream_unavailable',
    }),
}

/** The bytes of an answer on a connection that ends with it. */
export function encodeAnswer({ status, headers, body }: Answer): Buffer {
  const all = { ...headers, 'content-length': String(body.byteLength), connection: 'close' }
  const lines = Object.entries(all).flatMap(([name, value]) => [value].flat().map((one) => `${name}: ${one}`))
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', ''].join('\r\n')
  return Buffer.concat([Buffer.from(head, 'latin1'), body])
}
