import type { Bus } from '@omni2/bus'
import { maxPayloadBytes } from '@omni2/contracts'
import type { Logger } from '@omni2/service-kit'

/** Logs an error if the NATS server accepts only messages smaller than the record of a turn may be. */
export function checkPayloadRoom(bus: Pick<Bus, 'maxPayloadBytes'>, log: Pick<Logger, 'error'>): void {
  const { maxPayloadBytes: taken = maxPayloadBytes } = bus
  if (taken >= maxPayloadBytes) return
  log.error(
    { max_payload: taken, needed: maxPayloadBytes },
    'nats takes too small messages: long turns cannot be recorded; raise its max_payload',
  )
}
