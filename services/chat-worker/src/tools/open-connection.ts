import {
  Client,
  StreamableHTTPClientTransport,
  type FetchLike,
  type JSONRPCMessage,
  type JsonSchemaValidator,
  type jsonSchemaValidator,
} from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Connection } from './connection.ts'
import { followStreams } from './follow-streams.ts'
import type { ServerSettings } from './parse-server.ts'
import { boundFetch } from './wire/bound-fetch.ts'
import { LineInbox } from './wire/line-inbox.ts'
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
      // A server cannot ask a user in the middle of a call.
      inputRequired: { autoFulfill: false },
      jsonSchemaValidator: compileNothing,
    },
  )
  const transport = openTransport(settings, deps)
  const timeout = Math.min(settings.timeoutMs, deps.connectTimeoutMs)
  try {
    await client.connect(transport, { timeout })
  } catch (error) {
    throw new ConnectFailedError('not connected', { cause: error })
  }
  return new Connection(client, { retireMs: settings.timeoutMs })
}

/** Schemas of servers are read in a thread that can be ended, never here. */
const compileNothing: jsonSchemaValidator = {
  getValidator<T>(): JsonSchemaValidator<T> {
    return (data) => ({ valid: true, data: data as T, errorMessage: undefined })
  },
}

/** How much longer than a call may take its connection may be held. */
const exchangeGraceMs = 5000
/** What the client itself may buffer of a process that it asks for its protocol. */
const probeMaxBytes = 262_144

function openTransport({ address, timeoutMs }: ServerSettings, deps: ConnectionDeps) {
  const { fetch, responseMaxBytes: maxLength } = deps
  switch (address.kind) {
    case 'http': {
      const { url, headers } = address
      const deliver = (message: JSONRPCMessage) => transport.onmessage?.(message)
      const bound = boundFetch(fetch, { maxLength, deliver, timeoutMs: timeoutMs + exchangeGraceMs })
      const transport = new StreamableHTTPClientTransport(url, { fetch: bound, requestInit: { headers } })
      return followStreams(transport)
    }
    case 'stdio': {
      // What it writes to stderr is not ours to log.
      const options = { ...address.command, stderr: 'ignore', maxBufferSize: probeMaxBytes } as const
      // The client has no other place to bound what a process says before it is parsed.
      return Object.assign(new StdioClientTransport(options), {
        _readBuffer: new LineInbox({ maxLength }),
      })
    }
    case 'unusable':
      throw new ServerUnusableError(address.reason)
  }
}
