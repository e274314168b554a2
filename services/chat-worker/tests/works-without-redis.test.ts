import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorkerWorld, userId, type WorkerWorld } from './worker-world.ts'

let world: WorkerWorld

beforeAll(async () => {
  world = await openWorkerWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

test.each([
  ['without Redis', ''],
  ['while Redis is away', 'redis://127.0.0.1:1'],
])('rates are counted in the worker %s', async (_name, url) => {
  const worker = await world.startWorker({ REDIS_URL: url })
  await world.database.query('update auth_service.users set rate_limit_override = 1 where id = $1', [userId])
  expect(await (await world.send(world.makeTurn('One'))).ended).toMatchObject({ type: 'done' })
  expect(await (await world.send(world.makeTurn('Two'))).ended).toMatchObject({
    type: 'error',
    code: 'rate_limited',
    limit: 1,
    used: 1,
  })
  await worker.stop()
})
