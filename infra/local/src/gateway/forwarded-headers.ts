import type { IncomingMessage } from 'node:http'

/**
 * Sets the forwarded headers in place of those of the client. Those of a trusted proxy in front are kept, with its own
 * address appended. Connection options of the client end here.
 */
export function setForwardedHeaders(
  { headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>,
  { isBalancer }: { readonly isBalancer: (address: string | undefined) => boolean },
): void {
  const said = isBalancer(socket.remoteAddress) ? { ...headers } : {}
  for (const name of Object.keys(headers)) if (isClaimed(name)) delete headers[name]
  for (const name of optionsOf(headers.connection)) delete headers[name]
  const address = socket.remoteAddress ?? ''
  headers['x-forwarded-for'] = [said['x-forwarded-for'] ?? [], address].flat().join(', ')
  headers['x-forwarded-host'] = said['x-forwarded-host'] ?? headers.host ?? ''
  headers['x-forwarded-port'] = said['x-forwarded-port'] ?? String(socket.localPort ?? '')
  headers['x-forwarded-proto'] = said['x-forwarded-proto'] ?? 'http'
  headers['x-real-ip'] = address
}

const isClaimed = (name: string): boolean =>
  name.startsWith('x-forwarded') || name === 'forwarded' || name === 'x-real-ip'

/** What says where a request ends, and what makes an upgrade: without these the upstream would read something else. */
const kept = new Set(['host', 'content-length', 'transfer-encoding', 'upgrade'])

/** Headers that a client declares to be for the next hop only. */
function optionsOf(connection: string | undefined): string[] {
  const names = (connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  return names.filter((name) => !kept.has(name))
}
