import type { JetStreamManager } from '@nats-io/jetstream'
import { consumers, streamNames, streams, type ConsumerName, type StreamName } from '@omni2/contracts'
import { retry, TerminalError } from '@omni2/service-kit'
import { findConsumer, findStream, listDifferences } from './ensure-streams.ts'

interface MigrateOptions {
  /** Copies of each stream: fewer are raised to it, more are left. */
  replicas: number
}

/**
 * Brings all streams and consumers to what contracts say, also where services only report a difference. Returns a line
 * for each change; throws TerminalError with one line for what NATS refuses.
 */
export async function migrateStreams(manager: JetStreamManager, options: MigrateOptions): Promise<string[]> {
  const changes: string[] = []
  for (const name of streamNames)
    changes.push(...(await explain(name, options, () => migrateStream(manager, name, options))))
  for (const name of Object.keys(consumers) as ConsumerName[])
    changes.push(...(await explain(name, options, () => migrateConsumer(manager, name))))
  return changes
}

async function migrateStream(
  manager: JetStreamManager,
  name: StreamName,
  { replicas }: MigrateOptions,
): Promise<string[]> {
  const wanted = { ...streams[name], subjects: [...streams[name].subjects] }
  const found = await findStream(manager, name)
  const { config, cluster } = found ?? (await manager.streams.add({ ...wanted, num_replicas: replicas }))
  const copies = Math.max(config.num_replicas, replicas)
  // An old server accepts the number but keeps one copy.
  if (copies > 1 && cluster === undefined) throw new Error('it is a single server, not a cluster')
  const differences = listDifferences({ ...wanted, num_replicas: copies }, config)
  if (differences.length > 0)
    await manager.streams.update(name, { ...config, ...wanted, num_replicas: copies })
  await retry(() => requireCopies(manager, name, copies), copiesRetry)
  const changed = differences.length > 0 ? [`changed ${name}: ${differences.join(', ')}`] : []
  return found === undefined ? [`made ${name}`, ...changed] : changed
}

/** Copies that are made take a moment, and until then the cluster makes no consumer: half a minute is given to them. */
const copiesRetry = { tries: 60, pauseMs: 500 }

async function requireCopies(manager: JetStreamManager, name: StreamName, copies: number): Promise<void> {
  const { cluster } = await manager.streams.info(name)
  const current = cluster?.replicas?.filter((replica) => replica.current) ?? []
  if (current.length < copies - 1) throw new Error(`${current.length + 1} copies are there`)
}

async function migrateConsumer(manager: JetStreamManager, name: ConsumerName): Promise<string[]> {
  const { stream, ...wanted } = consumers[name]
  const found = await findConsumer(manager, name)
  const differences = found === undefined ? [] : listDifferences(wanted, found.config)
  if (found !== undefined && differences.length === 0) return []
  await manager.consumers.add(stream, wanted)
  return [found === undefined ? `made ${name}` : `changed ${name}: ${differences.join(', ')}`]
}

async function explain<T>(name: string, { replicas }: MigrateOptions, change: () => Promise<T>): Promise<T> {
  try {
    return await change()
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const copies = replicas > 1 ? ` in ${replicas} copies (NATS_STREAM_REPLICAS)` : ''
    throw new TerminalError('internal', `NATS cannot keep ${name} as needed${copies}: ${reason}`, { cause })
  }
}
