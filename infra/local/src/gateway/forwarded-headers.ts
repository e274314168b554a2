import type { IncomingMessage } from 'node:http'

/** Says for whom we ask, in place of whatever the client claims; connection options of the client end here. */
export function setForwardedHeaders({ headers, socket }: IncomingMessage): void {
  for (const name of Object.keys(headers)) if (isClaimed(name)) delete headers[name]
  for (const name of optionsOf(headers.connection)) delete headers[name]
  const address = socket.remoteAddress ?? ''
  headers['x-forwarded-for'] = address
  headers['x-forwarded-host'] = headers.host ?? ''
  headers['x-forwarded-port'] = String(socket.localPort ?? '')
  headers['x-forwarded-proto'] = 'http'
  headers['x-real-ip'] = address
}

const isClaimed = (name: string): boolean =>
  name.startsWith('x-forwarded') || name === 'forwarded' || name === 'x-real-ip'

/** Headers that a client declares to be for the next hop only; what makes an upgrade has to stay. */
function optionsOf(connection: string | undefined): string[] {
  const names = (connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  return names.filter((name) => !['', 'upgrade', 'close', 'keep-alive'].includes(name))
}
