import { declareMetrics, type Metrics } from '@omni2/telemetry'
import { PublishRefusedError } from './bus-errors.ts'
import type { Bus } from './bus.ts'

/** The metrics of every service with a bus. */
export const busMetrics = declareMetrics({
  natsConnected: {
    type: 'gauge',
    name: 'omni2_nats_connected',
    help: '1 while the process is connected to NATS, else 0',
  },
  natsReconnects: {
    type: 'counter',
    name: 'omni2_nats_reconnects_total',
    help: 'Connections to NATS that came back after they were lost',
  },
  natsRoundTrip: {
    type: 'histogram',
    name: 'omni2_nats_round_trip_seconds',
    help: 'Time of a ping to NATS and back, every 10 seconds; half of it is what the network adds to a message on each side',
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1],
  },
  publishFailures: {
    type: 'counter',
    name: 'omni2_nats_publish_failures_total',
    help: 'Durable publishes of which all tries failed: the stream was full, refused for another reason, or did not answer',
    labels: { reason: ['full', 'refused', 'unanswered'] },
  },
})

type BusInstruments = Metrics<typeof busMetrics>

const measureEveryMs = 10_000

/** Counts the events of a connected bus until it is closed. */
export function observeBus(
  bus: Pick<Bus, 'listen' | 'measureRoundTrip' | 'isClosed'>,
  metrics: BusInstruments,
): void {
  metrics.natsConnected.set(1)
  observeRoundTrips(bus, metrics)
  bus.listen({
    onLost: () => metrics.natsConnected.set(0),
    onRestored: () => {
      metrics.natsConnected.set(1)
      metrics.natsReconnects.add(1)
    },
    onPublishFailed: (error) => metrics.publishFailures.add(1, { reason: nameReason(error) }),
  })
}

function observeRoundTrips(
  bus: Pick<Bus, 'measureRoundTrip' | 'isClosed'>,
  { natsRoundTrip }: BusInstruments,
): void {
  const measure = () => {
    if (bus.isClosed) return clearInterval(timer)
    bus.measureRoundTrip().then(
      (ms) => natsRoundTrip.observe(ms / 1000),
      () => {},
    )
  }
  const timer = setInterval(measure, measureEveryMs).unref()
  measure()
}

function nameReason(error: Error): 'full' | 'refused' | 'unanswered' {
  if (!(error instanceof PublishRefusedError)) return 'unanswered'
  return error.isFull ? 'full' : 'refused'
}
