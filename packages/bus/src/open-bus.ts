import { inboxPrefixOf, type NatsUser } from '@omni2/contracts'
import { RetryableError, type Logger } from '@omni2/service-kit'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { Bus } from './bus.ts'

interface BusOptions {
  /** nats://user:password@host:port, several separated by commas. */
  url: string
  user: NatsUser
  /** Name of the connection in the server's monitoring. */
  name: string
  /** Longest wait for the first connection, in milliseconds. */
  connectDeadlineMs: number
  log: Logger
}

/** Connects to NATS and never gives the connection up; throws RetryableError when the first one fails its deadline. */
export async function openBus(options: BusOptions): Promise<Bus> {
  const { servers, credentials } = readServers(options.url)
  const connecting = connect({
    servers,
    ...credentials,
    name: options.name,
    inboxPrefix: inboxPrefixOf(options.user),
    maxReconnectAttempts: -1,
    ignoreAuthErrorAbort: true,
    waitOnFirstConnect: true,
    timeout: 3000,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 5000,
    maxPingOut: 2,
    noAsyncTraces: true,
  })
  return new Bus(await beforeDeadline(connecting, options), options.log)
}

function readServers(url: string): { servers: string[]; credentials: { user?: string; pass?: string } } {
  const urls = url.split(',').map((part) => new URL(part.trim()))
  const [first] = urls
  const credentials = first?.username
    ? { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }
    : {}
  return { servers: urls.map((server) => server.host), credentials }
}

async function beforeDeadline(
  connecting: Promise<NatsConnection>,
  options: BusOptions,
): Promise<NatsConnection> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    void connecting.then((connection) => connection.close())
    const { host } = new URL(options.url.split(',')[0] ?? '')
    late.reject(new RetryableError('unavailable', `no connection to NATS at ${host}; check NATS_URL`))
  }, options.connectDeadlineMs)
  try {
    return await Promise.race([connecting, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
