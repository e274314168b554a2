import { openBus, type JetStreamManager } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'
import type { TestEdge } from './start-edge.ts'

/** Gives the queue of turns so much room; one byte is none. */
export const limitTurns = (edge: Pick<TestEdge, 'nats'>, max_bytes: number): Promise<void> =>
  asOperator(edge, (manager) => manager.streams.update('CHAT_TURNS', { max_bytes }))

/** Changes streams as the migrate step may. */
export async function asOperator(
  { nats }: Pick<TestEdge, 'nats'>,
  change: (manager: JetStreamManager) => Promise<unknown>,
): Promise<void> {
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const url = nats.urlFor('migrate')
  await using bus = await openBus({ url, user: 'migrate', name: 'test', connectDeadlineMs: 5000, log })
  await change(await bus.openManager())
}
