import type { JsMsg } from '@omni2/bus'
import { acknowledge, giveBack } from './finish/ack-batch.ts'
import { decodeMessages } from './decode/decode-message.ts'
import { parkPoison } from './finish/park-poison.ts'
import { pullMessages } from './take/pull-messages.ts'
import { takeBatches } from './take/take-batch.ts'
import type { Tally } from './finish/tally.ts'
import { traceFlows } from './finish/trace-flows.ts'
import { writeAroundPoison } from './write/write-around-poison.ts'

type Deps = Parameters<typeof pullMessages>[0] &
  Parameters<typeof takeBatches>[1] &
  Parameters<typeof writeAroundPoison>[1] &
  Parameters<typeof parkPoison>[1] &
  Parameters<Tally['endBatch']>[2] & { readonly tally: Tally }

/** While Postgres writes one batch, the next is read and decoded. */
const batchesAtOnce = 2

/**
 * Records what comes on `flow.events.*`, two batches at a time, until stopping; what was fetched by then is recorded
 * too. Batches that have events of the same turn wait for each other in the database.
 */
export async function recordFlows(deps: Deps): Promise<void> {
  const recording = new Set<Promise<void>>()
  for await (const batch of takeBatches(pullMessages(deps), deps)) {
    const work = recordBatch(batch, deps)
    recording.add(work)
    work.then(
      () => recording.delete(work),
      () => {},
    )
    if (recording.size >= batchesAtOnce) await Promise.race(recording)
  }
  await Promise.all(recording)
}

/** What a batch goes through: acknowledged only after its commit, so that a crash anywhere repeats it and loses nothing. */
async function recordBatch(batch: readonly JsMsg[], deps: Deps): Promise<void> {
  const times = deps.tally.beginBatch(batch)
  const { readable, unreadable } = decodeMessages(batch)
  const { written, refused, unwritten, newEvents } = await writeAroundPoison(readable, deps)
  acknowledge(written)
  giveBack(unwritten)
  const parked = await parkPoison([...unreadable, ...refused], deps)
  deps.tally.endBatch({ written, unwritten, newEvents, parked }, times, deps)
  traceFlows(written, times)
}
