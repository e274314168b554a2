import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { UpgradeRefused } from '../upgrade-refused.ts'

/** Answers an upgrade with an HTTP status and JSON `{error, code}` on its raw socket, and closes that. */
export function refuseUpgrade(
  socket: Duplex,
  { status, code, message }: UpgradeRefused,
  { retryAfterMs }: { retryAfterMs: number },
): void {
  const body = `${JSON.stringify({ error: message, code })}\n`
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    ...describeStatus(status, retryAfterMs),
  ]
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function describeStatus(status: number, retryAfterMs: number): string[] {
  if (status === 401) return ['WWW-Authenticate: Bearer']
  if (status === 503) return [`Retry-After: ${Math.max(1, Math.ceil(retryAfterMs / 1000))}`]
  return []
}
