import type { IncomingHttpHeaders } from 'node:http'

/** Headers about one connection, not about the message: each side of the gateway writes its own. */
const hopByHop = new Set([
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  // Of a request: Node has asked the client to go on by then.
  'expect',
])

/** The headers that are passed on. */
export function endToEnd(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined || hopByHop.has(name) ? [] : [[name, value] as const],
  )
  return Object.fromEntries(kept)
}
