import { parkMessage, type Bus } from '@omni2/bus'
import type { Logger } from '@omni2/service-kit'
import type { PoisonMessage } from '../decode/decode-message.ts'
import type { RecorderMetrics } from '../metrics.ts'

interface Deps {
  readonly bus: Pick<Bus, 'publishDurably'>
  readonly instance: string
  readonly metrics: Pick<RecorderMetrics, 'deadLetters' | 'parkFailures'>
  readonly log: Logger
}

/** Keeps poison in the dead letters and answers how much; what cannot be kept now comes again after its ack_wait. */
export async function parkPoison(poison: readonly PoisonMessage[], deps: Deps): Promise<number> {
  const parked = await Promise.all(poison.map((message) => park(message, deps)))
  return parked.filter(Boolean).length
}

async function park({ message, cause, detail }: PoisonMessage, deps: Deps): Promise<boolean> {
  const { instance, metrics, log } = deps
  const facts = {
    cause,
    stream_sequence: message.info.streamSequence,
    deliveries: message.info.deliveryCount,
  }
  try {
    await parkMessage(message, { cause, detail, by: instance }, deps)
    metrics.deadLetters.add(1, { cause })
    log.warn(facts, 'message parked')
    return true
  } catch (error) {
    metrics.parkFailures.add(1)
    log.error({ ...facts, err: error }, 'message not parked')
    return false
  }
}
