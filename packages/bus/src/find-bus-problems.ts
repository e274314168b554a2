import { jetstreamManager, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream'
import {
  AuthorizationError,
  connect,
  type ConnectionOptions,
  type NatsConnection,
} from '@nats-io/transport-node'
import { inboxPrefixOf, maxPayloadBytes, streamNames, streams } from '@omni2/contracts'
import { findForbiddenSubjects } from './find-forbidden-subjects.ts'
import { findStream } from './ensure-streams.ts'
import { readServers } from './open-bus.ts'

/** Longest wait for the connection and for each answer, in milliseconds. */
const answerDeadlineMs = 3000

/** Oldest nats-server that keeps what streams and permissions say. */
const oldestVersion = [2, 9] as const

/**
 * Finds what in a NATS server differs from what the services need: one line each, with what to do. Changes nothing,
 * except that it creates and removes a stream to see whether there is room for those that are missing.
 */
export async function findBusProblems(url: string, { replicas }: { replicas: number }): Promise<string[]> {
  const { servers, credentials, tls } = readServers(url)
  const { user } = credentials
  const place = servers.join(', ')
  try {
    const connection = await connectToFirst(servers, { ...credentials, ...tls })
    try {
      return await inspect(connection, { replicas, user, place })
    } finally {
      await connection.close()
    }
  } catch (error) {
    return [describeConnectFailure(error, { user, place })]
  }
}

/** Connects to the first server that accepts the login; rejects with the error of the last one. */
async function connectToFirst(
  servers: readonly string[],
  access: ConnectionOptions,
): Promise<NatsConnection> {
  let failure: unknown
  for (const server of servers)
    try {
      return await connect({
        ...access,
        servers: server,
        name: 'check',
        inboxPrefix: inboxPrefixOf('migrate'),
        maxReconnectAttempts: 0,
        timeout: answerDeadlineMs,
        noAsyncTraces: true,
      })
    } catch (error) {
      failure = error
    }
  throw failure
}

interface Inspected {
  readonly replicas: number
  readonly user: string | undefined
  readonly place: string
}

async function inspect(connection: NatsConnection, options: Inspected): Promise<string[]> {
  const { place } = options
  const server = findServerProblems(connection).map((problem) => `NATS at ${place} ${problem}`)
  const forbidden = await findForbiddenSubjects(connection, { answerDeadlineMs })
  const user = options.user === undefined ? 'a client without a user' : `user ${options.user}`
  const rights = forbidden.map(
    ({ operation, subjects }) =>
      `NATS at ${place}: ${user} may not ${operation} ${subjects.join(', ')}; allow it (infra/nats/nats-server.conf has all that each service needs)`,
  )
  if (forbidden.some(({ subjects }) => subjects.some((subject) => subject.startsWith('$JS.API.'))))
    return [...server, ...rights]
  return [...server, ...rights, ...(await findStreamProblems(connection, options))]
}

function findServerProblems({ info }: NatsConnection): string[] {
  if (info === undefined) return []
  const problems: string[] = []
  if (isOlder(info.version))
    problems.push(`is nats-server ${info.version}; ${oldestVersion.join('.')} or newer is needed`)
  if (info.max_payload < maxPayloadBytes)
    problems.push(
      `takes messages of ${info.max_payload} bytes at most, and long turns need ${maxPayloadBytes}; set "max_payload: ${maxPayloadBytes}" in its configuration`,
    )
  return problems
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = oldestVersion
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}

async function findStreamProblems(connection: NatsConnection, options: Inspected): Promise<string[]> {
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: answerDeadlineMs })
    await manager.getAccountInfo()
    return await findRoomProblems(manager, options)
  } catch (error) {
    return [
      `NATS at ${options.place} has no JetStream that answers (${messageOf(error)}); start nats-server with -js, or switch JetStream on for this account`,
    ]
  }
}

/** A stream reserves its space when it is created, so creating one of the same size shows whether there is space. */
const trial = { name: 'OMNI2_CHECK', storage: 'file', retention: 'limits' } as const

async function findRoomProblems(
  manager: JetStreamManager,
  { place, replicas }: Inspected,
): Promise<string[]> {
  const found = await Promise.all(streamNames.map((name) => findStream(manager, name)))
  const missing = streamNames.filter((_name, index) => found[index] === undefined)
  if (missing.length === 0) return []
  const needed = missing.reduce((bytes, name) => bytes + streams[name].max_bytes, 0)
  try {
    await manager.streams.add({
      ...trial,
      subjects: ['omni2.check'],
      max_bytes: needed,
      num_replicas: replicas,
    })
    await manager.streams.delete(trial.name)
    return []
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error
    const copies = replicas > 1 ? ` in ${replicas} copies (NATS_STREAM_REPLICAS)` : ''
    return [
      `NATS at ${place} cannot keep ${missing.join(', ')} of ${needed} bytes in files${copies}: ${error.message}; raise max_file_store of its jetstream configuration, or the limits of the account`,
    ]
  }
}

function describeConnectFailure(error: unknown, { user, place }: Omit<Inspected, 'replicas'>): string {
  if (error instanceof AuthorizationError)
    return `NATS at ${place} refuses ${user === undefined ? 'clients without a user; name user and password' : `user ${user}; correct user and password`} in NATS_URL`
  return `no NATS answers at ${place} (${messageOf(error)}); start it, or correct NATS_URL`
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
