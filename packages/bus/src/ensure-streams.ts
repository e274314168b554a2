import { JetStreamApiCodes, JetStreamApiError, type JetStreamManager } from '@nats-io/jetstream'
import { consumers, streams, type ConsumerName, type StreamName } from '@omni2/contracts'
import { StreamMismatchError } from './bus-errors.ts'

interface EnsureOptions {
  streams: readonly StreamName[]
  consumer?: ConsumerName
  /** Copies of each stream that is made; existing streams keep theirs. */
  replicas?: number
}

/**
 * Makes the streams and the consumer that are missing and compares those that exist with what contracts rely on; an old
 * server ignores unknown fields in silence, so made ones are compared too. Throws StreamMismatchError.
 */
export async function ensureStreams(manager: JetStreamManager, options: EnsureOptions): Promise<void> {
  for (const name of options.streams) await ensureStream(manager, name, options.replicas ?? 1)
  if (options.consumer !== undefined) await ensureConsumer(manager, options.consumer)
}

/** Compares streams that another service creates; throws JetStreamApiError when one is missing, StreamMismatchError when it differs. */
export async function checkStreams(manager: JetStreamManager, names: readonly StreamName[]): Promise<void> {
  for (const name of names) compare(name, streams[name], (await manager.streams.info(name)).config)
}

async function ensureStream(manager: JetStreamManager, name: StreamName, replicas: number): Promise<void> {
  const wanted = streams[name]
  const found = await findStream(manager, name)
  const made = { ...wanted, subjects: [...wanted.subjects], num_replicas: replicas }
  compare(name, wanted, (found ?? (await manager.streams.add(made))).config)
}

async function ensureConsumer(manager: JetStreamManager, name: ConsumerName): Promise<void> {
  const { stream, ...wanted } = consumers[name]
  const found = await findConsumer(manager, name)
  compare(name, wanted, (found ?? (await manager.consumers.add(stream, wanted))).config)
}

/** What a stream is; undefined where there is none. */
export const findStream = (manager: JetStreamManager, name: StreamName) =>
  unlessMissing(JetStreamApiCodes.StreamNotFound, manager.streams.info(name))

/** What a consumer is; undefined where there is none. */
export const findConsumer = (manager: JetStreamManager, name: ConsumerName) =>
  unlessMissing(JetStreamApiCodes.ConsumerNotFound, manager.consumers.info(consumers[name].stream, name))

async function unlessMissing<T>(code: number, asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === code) return undefined
    throw error
  }
}

/** Settings that would keep messages from their consumers, or acknowledgements from the stream: none may be set. */
const unwanted = [
  'no_ack',
  'sealed',
  'mirror',
  'sources',
  'subject_transform',
  'filter_subject',
  'filter_subjects',
  'headers_only',
  'deliver_subject',
  'backoff',
  'rate_limit_bps',
  'max_batch',
  'max_bytes',
  'max_expires',
  'inactive_threshold',
  'priority_groups',
  'pause_until',
]

function compare(name: string, wanted: object, actual: object): void {
  const differences = listDifferences(wanted, actual)
  if (differences.length > 0) throw new StreamMismatchError(name, differences)
}

/** Settings of a configuration that differ from what is needed, or that must not be set. */
export function listDifferences(wanted: object, actual: object): string[] {
  const found = new Map(Object.entries(actual))
  const differences = Object.entries(wanted)
    .filter(([field, value]) => JSON.stringify(found.get(field)) !== JSON.stringify(value))
    .map(([field, value]) => `${field} is ${JSON.stringify(found.get(field))}, not ${JSON.stringify(value)}`)
  const additions = unwanted
    .filter((field) => !(field in wanted) && found.get(field))
    .map((field) => `${field} is set to ${JSON.stringify(found.get(field))}`)
  return [...differences, ...additions]
}
