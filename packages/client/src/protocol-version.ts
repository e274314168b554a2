import { ChatError } from './chat-error.ts'
import { parseObject } from './parse-frame.ts'

/** The version of the wire that this package speaks, as `protocol` of `welcome` gives it. */
export const protocolVersion = 1

/** Why a server cannot be talked with, by its `welcome`, of which every version keeps `type` and `protocol`. */
export function refuseLaterProtocol(data: unknown): ChatError | undefined {
  const frame = typeof data === 'string' ? parseObject(data) : undefined
  const version = frame?.['type'] === 'welcome' ? Number(frame['protocol'] ?? protocolVersion) : 0
  if (!(version > protocolVersion)) return undefined
  return new ChatError(
    'unsupported_protocol',
    `The server speaks version ${version} of the protocol, this client ${protocolVersion}: install the client that belongs to the server.`,
  )
}
