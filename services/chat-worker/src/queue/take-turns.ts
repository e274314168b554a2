import { takeMessages, type Bus, type Slots } from '@omni2/bus'
import { consumers } from '@omni2/contracts'
import type { Gate, Logger, Readiness } from '@omni2/service-kit'
import type { DatabaseGate } from '../signals/database-gate.ts'
import type { LiveTurns } from '../attempt/live-turns.ts'
import type { FlowDeps } from '../flow.ts'
import { handleDelivery } from './handle-delivery.ts'
import type { CurrentPrice } from '../model/current-price.ts'

interface TakeDeps extends Omit<FlowDeps, 'prices'> {
  liveTurns: LiveTurns
  /** The price of a turn, from its claim to its end. */
  price: Pick<CurrentPrice, 'known' | 'prices'>
  bus: Bus
  gate: DatabaseGate
  /** Closed while FLOW_EVENTS is nearly full. */
  room: Gate
  slots: Slots
  /** Creates the streams and the consumer that are missing. */
  ensure: () => Promise<void>
  readiness: Pick<Readiness, 'meet' | 'miss'>
  log: Logger
}

/** Pause before a turn is delivered again whose model had no price, in milliseconds. */
const noPricePauseMs = 1000

/**
 * Takes turns from the queue until the worker stops, each in a slot, while Postgres is available, the event stream has
 * room and the model has a price. The condition `turns` is true while pulls succeed.
 */
export async function takeTurns(deps: TakeDeps, stopping: AbortSignal): Promise<void> {
  const { bus, gate, room, price, slots, ensure, readiness, metrics, log } = deps
  let atWork = 0
  metrics.turns.readFrom(() => atWork)
  const { stream, durable_name } = consumers['chat-worker']
  const openConsumer = async () => {
    await ensure()
    return bus.jetstream.consumers.get(stream, durable_name)
  }
  const onPull = (failure: string | undefined) =>
    failure === undefined ? readiness.meet('turns') : readiness.miss('turns', `a pull failed: ${failure}`)
  const mayTake = async () => {
    await room.opened(stopping)
    await price.known(stopping)
    await gate.opened()
  }
  await takeMessages({
    openConsumer,
    onPull,
    slots,
    stopping,
    log,
    mayTake,
    handle: async (message) => {
      atWork += 1
      const { prices } = price
      if (prices) await handleDelivery(message, { ...deps, prices })
      // The price was removed while the pull waited.
      else message.nak(noPricePauseMs)
      atWork -= 1
    },
  })
}
