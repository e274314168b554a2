import { inboxPrefixOf, type NatsUser } from '@omni2/contracts'
import { RetryableError, withDeadline, type Logger } from '@omni2/service-kit'
import type { NatsConnection } from '@nats-io/transport-node'
import { Bus } from './bus.ts'
import { connectGathering } from './connect-gathering.ts'

interface BusOptions {
  /** nats://user:password@host:port or tls://…, several separated by commas. */
  url: string
  user: NatsUser
  /** Name of the connection in the server's monitoring. */
  name: string
  /** Longest wait for the first connection, in milliseconds, 30,000 unless given; 0 = one try, with nothing left behind if it fails. */
  connectDeadlineMs?: number
  log: Logger
}

const connectDeadlineMs = 30_000

/** Connects to NATS and never gives the connection up; throws RetryableError when the first one fails its deadline. */
export async function openBus(options: BusOptions): Promise<Bus> {
  const { servers, credentials, tls } = readServers(options.url)
  const connecting = connectGathering({
    servers,
    ...credentials,
    ...tls,
    name: options.name,
    inboxPrefix: inboxPrefixOf(options.user),
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    waitOnFirstConnect: options.connectDeadlineMs !== 0,
    timeout: 3000,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 5000,
    maxPingOut: 2,
    noAsyncTraces: true,
  })
  return new Bus(await beforeDeadline(connecting, options), options.log)
}

interface Servers {
  servers: string[]
  credentials: { user?: string; pass?: string }
  /** For tls:// URLs: a server that offers no TLS is refused. */
  tls: { tls?: object }
}

export function readServers(url: string): Servers {
  const urls = url.split(',').map((part) => new URL(part.trim()))
  const [first] = urls
  const credentials = first?.username
    ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }
    : {}
  const tls = first?.protocol === 'tls:' ? { tls: {} } : {}
  return { servers: urls.map((server) => server.host), credentials, tls }
}

async function beforeDeadline(
  connecting: Promise<NatsConnection>,
  options: BusOptions,
): Promise<NatsConnection> {
  if (options.connectDeadlineMs === 0)
    return connecting.catch((error: unknown) => {
      throw describeFailure(options, error)
    })
  return withDeadline(connecting, {
    ms: options.connectDeadlineMs ?? connectDeadlineMs,
    late: () => {
      void connecting.then((connection) => connection.close())
      throw describeFailure(options)
    },
  })
}

function describeFailure({ url }: BusOptions, cause?: unknown): RetryableError {
  const { host } = new URL(url.split(',')[0] ?? '')
  return new RetryableError('unavailable', `no connection to NATS at ${host}; check NATS_URL`, { cause })
}
