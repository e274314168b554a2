import { takeMessages, type Bus, type Slots } from '@omni2/bus'
import { consumers } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'
import type { DatabaseGate } from './database-gate.ts'
import type { FlowDeps } from './flow.ts'
import { handleDelivery } from './handle-delivery.ts'
import type { Valve } from './valve.ts'

interface TakeDeps extends FlowDeps {
  bus: Bus
  gate: DatabaseGate
  /** Closed while FLOW_EVENTS is nearly full. */
  room: Valve
  slots: Slots
  log: Logger
}

/** Takes turns from the queue until stopping, each in a slot, while Postgres is there and events find room. */
export async function takeTurns(deps: TakeDeps, stopping: AbortSignal): Promise<void> {
  const { bus, gate, room, slots, metrics, log } = deps
  let atWork = 0
  metrics.turns.readFrom(() => atWork)
  const { stream, durable_name } = consumers['chat-worker']
  const consumer = await bus.jetstream.consumers.get(stream, durable_name)
  const mayTake = async () => {
    await room.opened(stopping)
    await gate.opened()
  }
  await takeMessages({
    consumer,
    slots,
    stopping,
    log,
    mayTake,
    handle: async (message) => {
      atWork += 1
      await handleDelivery(message, deps)
      atWork -= 1
    },
  })
}
