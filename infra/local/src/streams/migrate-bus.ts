import { migrateStreams, openBus } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'

/** Longest wait for NATS, in milliseconds. */
const connectDeadlineMs = 30_000

/** Brings the streams and consumers of a NATS up to date, as the one user that may change them; returns the changes. */
export async function migrateBus(url: string, { replicas }: { replicas: number }): Promise<string[]> {
  const log = openLogger({ name: 'streams', instance: 'streams', level: 'silent' })
  await using bus = await openBus({ url, user: 'migrate', name: 'streams', connectDeadlineMs, log })
  const manager = await bus.openManager()
  return await migrateStreams(manager, { replicas })
}
