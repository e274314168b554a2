import type { JsMsg } from '@omni2/bus'
import { expect, test } from 'vitest'
import { takeBatches } from './take-batch.ts'

const limits = { RECORDER_BATCH_MESSAGES: 3, RECORDER_BATCH_BYTES: 100, RECORDER_BATCH_MS: 10_000 }

/** All that batching looks at. */
const makeMessage = (bytes: number) => ({ data: new Uint8Array(bytes) }) as JsMsg

async function* sendAll(sizes: number[]): AsyncGenerator<JsMsg, void> {
  for (const bytes of sizes) yield makeMessage(bytes)
}

async function readSizes(sizes: number[], config = limits): Promise<number[][]> {
  const batches = await Array.fromAsync(takeBatches(sendAll(sizes), { config }))
  return batches.map((batch) => batch.map(({ data }) => data.length))
}

test('messages - are cut by number, and what is left at the end is a batch too', async () => {
  expect(await readSizes([1, 2, 3, 4, 5])).toEqual([
    [1, 2, 3],
    [4, 5],
  ])
})

test('bytes - a batch ends with the message that reaches the limit', async () => {
  expect(await readSizes([60, 60, 1, 500, 1])).toEqual([[60, 60], [1, 500], [1]])
})

test('no message - no batch', async () => {
  expect(await readSizes([])).toEqual([])
})

test('time - a batch does not wait for more than its first message may wait', async () => {
  const never = Promise.withResolvers<void>()
  async function* sendOneAndWait(): AsyncGenerator<JsMsg, void> {
    yield makeMessage(1)
    await never.promise
  }
  const batches = takeBatches(sendOneAndWait(), { config: { ...limits, RECORDER_BATCH_MS: 20 } })
  expect((await batches.next()).value).toHaveLength(1)
})

test('a message that comes while a batch is worked on - is in the next one', async () => {
  const later = Promise.withResolvers<void>()
  async function* sendLater(): AsyncGenerator<JsMsg, void> {
    yield makeMessage(1)
    await later.promise
    yield makeMessage(2)
  }
  const batches = takeBatches(sendLater(), { config: { ...limits, RECORDER_BATCH_MS: 20 } })
  await batches.next()
  later.resolve()
  expect((await batches.next()).value).toEqual([makeMessage(2)])
  expect((await batches.next()).done).toBe(true)
})
