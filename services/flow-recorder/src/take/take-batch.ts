import type { JsMsg } from '@omni2/bus'
import type { RecorderConfig } from '../config.ts'

type Limits = Pick<RecorderConfig, 'RECORDER_BATCH_MESSAGES' | 'RECORDER_BATCH_BYTES' | 'RECORDER_BATCH_MS'>

/** Cuts messages into batches by number, bytes and the time since a batch's first message; ends after the last message. */
export async function* takeBatches(
  messages: AsyncGenerator<JsMsg, void>,
  { config }: { config: Limits },
): AsyncGenerator<JsMsg[], void> {
  let next = messages.next()
  for (;;) {
    const first = await next
    if (first.done) return
    const batch = [first.value]
    let bytes = first.value.data.length
    const timeUp = startTimer(config.RECORDER_BATCH_MS)
    next = messages.next()
    while (batch.length < config.RECORDER_BATCH_MESSAGES && bytes < config.RECORDER_BATCH_BYTES) {
      const taken = await Promise.race([next, timeUp.elapsed])
      if (!taken || taken.done) break
      batch.push(taken.value)
      bytes += taken.value.data.length
      next = messages.next()
    }
    timeUp.clear()
    yield batch
  }
}

function startTimer(ms: number): { elapsed: Promise<undefined>; clear(): void } {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), ms)
  return { elapsed: promise, clear: () => clearTimeout(timer) }
}
