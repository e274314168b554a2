import { expect, test } from 'vitest'
import { clockJumpEnv } from '@omni2/testkit'
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
