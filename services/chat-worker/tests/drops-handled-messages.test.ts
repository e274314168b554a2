import { consumers, subjects } from '@omni2/contracts'
import { expect, test } from 'vitest'
import { dropHandledMessages } from '../src/upkeep/drop-handled-messages.ts'
import { openWorkerWorld, openWorldDatabase } from './worker-world.ts'

const { stream, durable_name } = consumers['chat-worker']
const log = { info: () => {} }

test('messages of ended turns that a killed nats-server kept are deleted, others stay', async () => {
  await using world = await openWorkerWorld()
  await using worker = await world.startWorker()
  const turns = ['One', 'Two', 'Three'].map((text) => world.makeTurn(text))
  for (const turn of turns) expect(await (await world.send(turn)).ended).toMatchObject({ type: 'done' })
  await worker.stop()
  await using database = openWorldDatabase(world)
  const running = world.makeTurn('Four')
  // What such a server has: messages below the last acknowledged one.
  for (const turn of [...turns, running])
    await world.edge.publishDurably(subjects.turns, JSON.stringify(turn), { id: `kept ${turn.session_id}` })
  const acked = { consumers: { info: async () => ({ ack_floor: { stream_seq: 1_000_000 } }) } }
  const manager = { streams: world.manager.streams, ...acked } as unknown as typeof world.manager
  await dropHandledMessages({ manager: world.manager, database, log })
  const count = async () => (await world.manager.streams.info(stream)).state.messages
  expect(await count()).toBe(4)
  await dropHandledMessages({ manager, database, log })
  expect(await count()).toBe(1)
  const { num_pending } = await world.manager.consumers.info(stream, durable_name)
  expect(num_pending).toBe(1)
})
