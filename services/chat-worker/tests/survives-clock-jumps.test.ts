import { expect, test } from 'vitest'
import { clockJumpEnv, readMetrics } from '@omni2/testkit'
import { openWorkerWorld } from './worker-world.ts'

test('a turn runs on while the clock of its worker jumps by an hour, and back', async () => {
  await using world = await openWorkerWorld()
  const worker = await world.startWorker(clockJumpEnv)
  for (const clock of ['an hour ahead', 'right again']) {
    const { heard, ended } = await world.send(world.makeTurn('Slow [[sim tokens=40 pace=20]]'))
    await heard('token')
    worker.kill('SIGUSR2')
    await worker.log.waitFor(new RegExp(`clock is ${clock}`))
    const done = await ended
    expect(done).toMatchObject({ type: 'done', attempt: 1 })
    if (done.type !== 'done') throw new Error('not done')
    const { duration_ms } = done.result
    expect(Number.isInteger(duration_ms)).toBe(true)
    expect(duration_ms).toBeGreaterThanOrEqual(40)
    expect(duration_ms).toBeLessThan(3_000_000)
  }
})

test('a turn runs on while the clock of Postgres jumps by an hour: its living worker knows the deadline', async () => {
  await using world = await openWorkerWorld()
  const worker = await world.startWorker({ SWEEP_INTERVAL_MS: '1000' })
  const turn = world.makeTurn('Slow [[sim tokens=500 pace=20]]')
  const { heard, ended } = await world.send(turn)
  await heard('token')
  // As the row looks once the clock is ahead.
  await world.database.query(`update omni2.turns set deadline_at = now() - interval '1 hour'`)
  const countSweeps = async () =>
    (await readMetrics(worker.url)).get('omni2_worker_sweeps_total{result="ok"}') ?? 0
  const before = await countSweeps()
  await expect.poll(countSweeps).toBeGreaterThan(before + 1)
  expect(await world.database.query('select status, attempt from omni2.turns')).toEqual([
    { status: 'running', attempt: 1 },
  ])
  expect(await ended).toMatchObject({ type: 'done', attempt: 1 })
})
