import { streams } from '@omni2/contracts'
import type { JetStreamManager } from '@omni2/bus'
import { openMetrics } from '@omni2/telemetry'
import { expect, test } from 'vitest'
import { workerMetrics } from '../metrics.ts'
import { isQueueEmpty, watchStreams } from './watch-streams.ts'

/** Watches streams in this state once. Undefined: the server does not answer. */
async function watchOnce({ bytes, queued }: { bytes?: number; queued?: number }) {
  const { metrics, renderMetrics } = openMetrics(workerMetrics)
  const answer = async (info: object | undefined) => info ?? Promise.reject(new Error('timeout'))
  const manager = {
    streams: { info: () => answer(bytes === undefined ? undefined : { state: { bytes } }) },
    consumers: { info: () => answer(queued === undefined ? undefined : { num_pending: queued }) },
  } as unknown as JetStreamManager
  const stop = new AbortController()
  const received: boolean[] = []
  const watching = watchStreams(manager, {
    metrics,
    log: { warn: () => {} } as never,
    stopping: stop.signal,
    onRoom: (hasRoom) => void received.push(hasRoom),
  })
  await expect.poll(() => received).toHaveLength(1)
  stop.abort()
  await watching
  return { hasRoom: received.at(-1), shown: (await renderMetrics()).body }
}

test('shows how full the event stream is and how many turns wait', async () => {
  const { hasRoom, shown } = await watchOnce({ bytes: streams.FLOW_EVENTS.max_bytes * 0.75, queued: 7 })
  expect(hasRoom).toBe(true)
  expect(shown).toMatch(/^omni2_worker_flow_events_used_ratio 0\.75$/m)
  expect(shown).toMatch(/^omni2_worker_queued_turns 7$/m)
})

test('there is no room from four fifths up', async () => {
  const { hasRoom } = await watchOnce({ bytes: streams.FLOW_EVENTS.max_bytes * 0.8, queued: 0 })
  expect(hasRoom).toBe(false)
})

test('goes on while the server does not answer', async () => {
  expect((await watchOnce({ queued: 3 })).hasRoom).toBe(true)
  expect((await watchOnce({ bytes: 0 })).hasRoom).toBe(true)
})

test.each([
  [{ num_pending: 0, num_ack_pending: 0 }, true],
  [{ num_pending: 1, num_ack_pending: 0 }, false],
  [{ num_pending: 0, num_ack_pending: 1 }, false],
  [undefined, false],
])('a queue of %o is empty: %s', async (info, isEmpty) => {
  const answer = async () => info ?? Promise.reject(new Error('consumer not found'))
  const manager = { consumers: { info: answer } } as unknown as JetStreamManager
  expect(await isQueueEmpty(manager)).toBe(isEmpty)
})
