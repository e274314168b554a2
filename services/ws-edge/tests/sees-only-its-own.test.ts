import { expect, test } from 'vitest'
import { streamNames } from '@omni2/contracts'
import { ensureStreams, openBus } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'
import { openTestNats } from '@omni2/testkit'

test("the edge's NATS user can read neither flows nor dead letters", async () => {
  await using nats = await openTestNats()
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const connect = (user: 'ws-edge' | 'migrate') =>
    openBus({ url: nats.urlFor(user), user, name: 'test', connectDeadlineMs: 5000, log })
  await using migrate = await connect('migrate')
  await ensureStreams(await migrate.openManager(), { streams: streamNames })
  await using edge = await connect('ws-edge')
  const manager = await edge.openManager()

  for (const stream of ['CHAT_TURNS', 'FLOW_EVENTS'] as const)
    expect((await manager.streams.info(stream)).config.name).toBe(stream)
  await expect(manager.streams.info('DEAD_LETTERS')).rejects.toThrow(/permission/i)
  for (const stream of ['FLOW_EVENTS', 'DEAD_LETTERS'])
    await expect(manager.streams.getMessage(stream, { seq: 1 })).rejects.toThrow(/permission/i)
  for (const stream of streamNames)
    await expect(manager.consumers.add(stream, { durable_name: 'spy' })).rejects.toThrow(/permission/i)
})
