import { Client, StreamableHTTPClientTransport, type FetchLike } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Connection } from './connection.ts'
import { followStreams } from './follow-streams.ts'
import type { ServerAddress, ServerSettings } from './parse-server.ts'
import { ConnectFailedError, ServerUnusableError } from './tool-errors.ts'

export interface ConnectionDeps {
  fetch: FetchLike
  connectTimeoutMs: number
  /** Bytes of one message of a process, above which it is ended; responses over HTTP are capped by the fetch. */
  responseMaxBytes: number
  onListChanged: () => void
}

/** Connects to a server in the newest protocol that it speaks; rejects with ConnectFailedError or ServerUnusableError. */
export async function openConnection(settings: ServerSettings, deps: ConnectionDeps): Promise<Connection> {
  const client = new Client(
    { name: 'omni2-chat', version: '1' },
    {
      versionNegotiation: { mode: 'auto' },
      listChanged: { tools: { autoRefresh: false, onChanged: deps.onListChanged } },
      // Nobody is there whom a server could ask in the middle of a call.
      inputRequired: { autoFulfill: false },
    },
  )
  const transport = openTransport(settings.address, deps)
  const timeout = Math.min(settings.timeoutMs, deps.connectTimeoutMs)
  try {
    await client.connect(transport, { timeout })
  } catch (error) {
    throw new ConnectFailedError('not connected', { cause: error })
  }
  return new Connection(client, { retireMs: settings.timeoutMs })
}

function openTransport(address: ServerAddress, { fetch, responseMaxBytes }: ConnectionDeps) {
  switch (address.kind) {
    case 'http': {
      const { url, headers } = address
      return followStreams(new StreamableHTTPClientTransport(url, { fetch, requestInit: { headers } }))
    }
    case 'stdio':
      // What it writes to stderr is not ours to log.
      return new StdioClientTransport({
        ...address.command,
        stderr: 'ignore',
        maxBufferSize: responseMaxBytes,
      })
    case 'unusable':
      throw new ServerUnusableError(address.reason)
  }
}
