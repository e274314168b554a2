import { productVersion, protocolVersion, requests, type StatusReply } from '@omni2/contracts'
import type { Readiness } from '@omni2/service-kit'
import type { Bus, Subscription } from './bus.ts'

interface StatusSource extends Pick<StatusReply, 'service' | 'instance'> {
  readonly readiness: Pick<Readiness, 'isReady' | 'missing'>
  /** What the process has in hand right now, by name. */
  readonly counts: () => StatusReply['counts']
}

/** Answers operators who ask which processes are there, and how they are. */
export function answerStatus(
  bus: Pick<Bus, 'answer'>,
  { service, instance, readiness, counts }: StatusSource,
): Subscription {
  const started_at = new Date(Date.now() - process.uptime() * 1000).toISOString()
  return bus.answer(requests.status, async () => ({
    service,
    instance,
    version: productVersion,
    protocol: protocolVersion,
    started_at,
    is_ready: readiness.isReady,
    missing: readiness.missing,
    counts: counts(),
  }))
}
