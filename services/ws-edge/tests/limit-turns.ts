import { openBus } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'
import type { TestEdge } from './start-edge.ts'

/** Gives the queue of turns so much room; one byte is none. */
export async function limitTurns({ nats }: Pick<TestEdge, 'nats'>, max_bytes: number): Promise<void> {
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const url = nats.urlFor('migrate')
  await using bus = await openBus({ url, user: 'migrate', name: 'test', connectDeadlineMs: 5000, log })
  const manager = await bus.openManager()
  await manager.streams.update('CHAT_TURNS', { max_bytes })
}
