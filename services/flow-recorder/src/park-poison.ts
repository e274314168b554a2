import { parkMessage, type Bus } from '@omni2/bus'
import type { Logger } from '@omni2/service-kit'
import type { PoisonMessage } from './decode-message.ts'

interface Dependencies {
  readonly bus: Pick<Bus, 'publishDurably'>
  readonly instance: string
  readonly log: Logger
}

/** Keeps poison in the dead letters and answers how much; what cannot be kept now comes again after its ack_wait. */
export async function parkPoison(poison: readonly PoisonMessage[], deps: Dependencies): Promise<number> {
  const parked = await Promise.all(poison.map((message) => park(message, deps)))
  return parked.filter(Boolean).length
}

async function park({ message, cause, detail }: PoisonMessage, deps: Dependencies): Promise<boolean> {
  const { instance, log } = deps
  const facts = {
    cause,
    stream_sequence: message.info.streamSequence,
    deliveries: message.info.deliveryCount,
  }
  try {
    await parkMessage(message, { reason: `${cause}: ${detail}`, by: instance }, deps)
    log.warn(facts, 'message parked')
    return true
  } catch (error) {
    log.error({ ...facts, err: error }, 'message not parked')
    return false
  }
}
