import { findFreePort } from '@omni2/testkit'
import { expect, test } from 'vitest'
import { openWorkerWorld, type WorkerWorld } from './worker-world.ts'

async function openWatchedWorker() {
  const resources = new AsyncDisposableStack()
  const world = resources.use(await openWorkerWorld())
  const healthPort = String(await findFreePort())
  await world.startWorker({ HEALTH_PORT: healthPort, SWEEP_INTERVAL_MS: '1000' })
  const askReady = async () => {
    const response = await fetch(`http://127.0.0.1:${healthPort}/readyz`)
    const { missing = {} } = (await response.json()) as { missing?: Record<string, string> }
    return missing
  }
  return { world, askReady, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}

const ask = async (world: WorkerWorld) => (await (await world.send(world.makeTurn('Hello'))).ended).type

test('a consumer or a stream that is deleted under a worker is made again, and turns go on', async () => {
  await using open = await openWatchedWorker()
  const { world, askReady } = open
  await world.manager.consumers.delete('CHAT_TURNS', 'chat-worker')
  expect(await ask(world)).toBe('done')
  for (const name of ['DEAD_LETTERS', 'FLOW_EVENTS', 'CHAT_TURNS']) await world.manager.streams.delete(name)
  await expect.poll(() => ask(world).catch(() => 'not accepted')).toBe('done')
  await world.manager.streams.info('DEAD_LETTERS')
  await expect.poll(askReady).toEqual({})
})

test('a turn that was accepted and whose message went with its stream ends as interrupted, long before its deadline', async () => {
  await using open = await openWatchedWorker()
  const { world } = open
  const { database, manager } = world
  const { session_id } = world.makeTurn('Lost')
  await database.query(
    `insert into omni2.flow_events (session_id, attempt, ordinal, user_id, source, node_id, event_type, occurred_at, recorded_at, outcome, data)
     values ($1, 0, 0, 2, 'ws', '0.0', 'accepted', now() - interval '1 minute', now() - interval '1 minute', 'passed', '{}')`,
    [session_id],
  )
  await manager.streams.delete('CHAT_TURNS')
  const readStatus = async () => {
    const rows = await database.query('select status from omni2.turns where session_id = $1', [session_id])
    return rows[0]?.['status']
  }
  await expect.poll(readStatus).toBe('interrupted')
})

test('a consumer with other settings is reported, and used again once its settings are right', async () => {
  await using open = await openWatchedWorker()
  const { world, askReady } = open
  await world.manager.consumers.delete('CHAT_TURNS', 'chat-worker')
  const other = { durable_name: 'chat-worker', ack_policy: 'explicit', max_deliver: 3 } as const
  await expect
    .poll(() => world.manager.consumers.add('CHAT_TURNS', other).catch(() => undefined))
    .toBeDefined()
  await expect.poll(askReady).toMatchObject({
    streams: expect.stringContaining('max_deliver is 3, not -1'),
  })
  await world.manager.consumers.delete('CHAT_TURNS', 'chat-worker')
  expect(await ask(world)).toBe('done')
  await expect.poll(askReady).toEqual({})
})
