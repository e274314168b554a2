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
  Parameters<Tally['endBatch']>[1] & { readonly tally: Tally }

/** Records what comes on `flow.events.*`, a batch at a time, until stopping; what was fetched by then is recorded too. */
export async function recordFlows(deps: Deps): Promise<void> {
  for await (const batch of takeBatches(pullMessages(deps), deps)) await recordBatch(batch, deps)
}

/** What a batch goes through: acknowledged only after its commit, so that a crash anywhere repeats it and loses nothing. */
async function recordBatch(batch: readonly JsMsg[], deps: Deps): Promise<void> {
  const times = deps.tally.beginBatch(batch)
  const { readable, unreadable } = decodeMessages(batch)
  const { written, refused, unwritten, newEvents } = await writeAroundPoison(readable, deps)
  acknowledge(written)
  giveBack(unwritten)
  const parked = await parkPoison([...unreadable, ...refused], deps)
  deps.tally.endBatch({ written, unwritten, newEvents, parked }, deps)
  traceFlows(written, times)
}
