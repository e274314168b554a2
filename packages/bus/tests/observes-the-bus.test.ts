import { makeConversationId, subjects } from '@omni2/contracts'
import { openMetrics, openTracing, withSpan } from '@omni2/telemetry'
import { openTestCollector, openTestNats } from '@omni2/testkit'
import { expect, test, vi } from 'vitest'
import { busMetrics, ensureStreams, observeBus, readTraceparent } from '../src/index.ts'
import { openUserBus } from './open-user-bus.ts'

test('a stored message - names the span it was sent in, and none where there is none', async () => {
  await using nats = await openTestNats()
  await using collector = await openTestCollector()
  await using worker = await openUserBus(nats, 'chat-worker')
  await ensureStreams(await worker.openManager(), { streams: ['CHAT_TURNS'], consumer: 'chat-worker' })
  await using edge = await openUserBus(nats, 'ws-edge')
  await edge.publishDurably(subjects.turns, '{}', { id: makeConversationId() })
  const tracing = await openTracing({
    service: 'ws-edge',
    instance: 'test',
    config: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: 1 },
    log: { warn: () => {} },
  })
  await withSpan({ name: 'accept' }, () =>
    edge.publishDurably(subjects.turns, '{}', { id: makeConversationId() }),
  )
  await tracing[Symbol.asyncDispose]()

  const consumer = await worker.jetstream.consumers.get('CHAT_TURNS', 'chat-worker')
  const [plain, traced] = [await consumer.next(), await consumer.next()]
  const [span] = collector.spans()
  expect(plain && readTraceparent(plain)).toBeUndefined()
  expect(traced && readTraceparent(traced)).toBe(`00-${span?.traceId}-${span?.spanId}-01`)
})

test('the bus - counts when it is lost and restored, and which publishes failed and why', async () => {
  await using nats = await openTestNats()
  await using worker = await openUserBus(nats, 'chat-worker')
  await ensureStreams(await worker.openManager(), { streams: ['CHAT_TURNS'], consumer: 'chat-worker' })
  await using edge = await openUserBus(nats, 'ws-edge')
  const { metrics, renderMetrics } = openMetrics(busMetrics)
  observeBus(edge, metrics)
  const read = async () => (await renderMetrics()).body.split('\n')
  await vi.waitFor(async () => expect(await read()).toContain('omni2_nats_round_trip_seconds_count 1'))
  const tooLarge = 'x'.repeat(300_000)
  await expect(edge.publishDurably(subjects.turns, tooLarge, { id: 'large' })).rejects.toThrow('refused')
  expect(await read()).toEqual(
    expect.arrayContaining([
      'omni2_nats_connected 1',
      'omni2_nats_reconnects_total 0',
      'omni2_nats_publish_failures_total{reason="refused"} 1',
      'omni2_nats_publish_failures_total{reason="unanswered"} 0',
    ]),
  )
  await nats.stop()
  await vi.waitFor(async () => expect(await read()).toContain('omni2_nats_connected 0'), { timeout: 20_000 })
  await expect(edge.publishDurably(subjects.turns, '{}', { id: 'away' })).rejects.toThrow(
    'no acknowledgement',
  )
  await nats.restart()
  await vi.waitFor(
    async () =>
      expect(await read()).toEqual(
        expect.arrayContaining([
          'omni2_nats_connected 1',
          'omni2_nats_reconnects_total 1',
          'omni2_nats_publish_failures_total{reason="unanswered"} 1',
        ]),
      ),
    { timeout: 20_000 },
  )
})
