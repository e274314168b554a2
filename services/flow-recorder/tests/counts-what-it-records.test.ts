import { openTracing, withSpan } from '@omni2/telemetry'
import { openTestCollector, readMetrics } from '@omni2/testkit'
import { expect, test, vi } from 'vitest'
import { makeTurn } from './make-turn.ts'
import { openProxy } from './open-proxy.ts'
import { openStand } from './open-stand.ts'
import { startRecorder } from './start-recorder.ts'

test('every metric - moves when what it counts happens', async () => {
  await using stand = await openStand()
  await using proxy = await openProxy(stand.database.url)
  await using recorder = await startRecorder({ nats: stand.nats, database: proxy })
  const before = await readMetrics(recorder.healthUrl)
  expect(
    [...before].filter(([series, value]) => series.startsWith('omni2_recorder_') && value !== 0),
  ).toEqual([])
  expect(before.get('omni2_nats_connected')).toBe(1)

  const turn = makeTurn()
  const [, again] = turn.events
  await stand.publish(turn.messages)
  await stand.whenCaughtUp()
  await stand.publishRaw(turn.turnId, JSON.stringify(again))
  await stand.publishRaw(turn.turnId, 'no json')
  const lost = { ...turn.settlement, conversation_id: null }
  await stand.publishRaw(turn.turnId, JSON.stringify(lost))
  await stand.whenCaughtUp()
  const counted = await readMetrics(recorder.healthUrl)
  expect(counted.get('omni2_recorder_batch_messages_count')).toBeGreaterThanOrEqual(2)
  expect(Object.fromEntries(counted)).toMatchObject({
    'omni2_recorder_messages_total{outcome="event"}': turn.events.length,
    'omni2_recorder_messages_total{outcome="settlement"}': 2,
    omni2_recorder_messages_without_conversation_total: 1,
    'omni2_recorder_messages_total{outcome="duplicate"}': 1,
    'omni2_dead_letters_total{cause="not_json"}': 1,
    'omni2_dead_letters_total{cause="wrong_subject"}': 0,
    omni2_recorder_batch_messages_sum: turn.messages.length + 3,
    omni2_recorder_lag_seconds: 0,
    omni2_database_waiting: 0,
  })
  expect(counted.get('omni2_recorder_delay_seconds_sum')).toBeGreaterThan(0)
  expect(counted.get('omni2_recorder_batch_seconds_sum')).toBeGreaterThan(0)
  expect(counted.get('omni2_database_connections{state="idle"}')).toBeGreaterThan(0)

  await proxy.cut()
  await stand.publish(makeTurn().messages)
  await vi.waitFor(
    async () => {
      const away = await readMetrics(recorder.healthUrl)
      expect(away.get('omni2_recorder_write_failures_total')).toBeGreaterThan(0)
      expect(away.get('omni2_recorder_lag_seconds')).toBeGreaterThan(0)
      expect(away.get('omni2_recorder_pending_messages')).toBe(turn.messages.length)
    },
    { timeout: 20_000, interval: 100 },
  )
  await proxy.mend()
  await stand.whenCaughtUp()
  expect((await readMetrics(recorder.healthUrl)).get('omni2_recorder_lag_seconds')).toBe(0)
})

test('a turn that is traced - its recording hangs below the span that published it', async () => {
  await using collector = await openTestCollector()
  await using stand = await openStand()
  await using recorder = await startRecorder(stand, { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const turn = makeTurn()
  {
    await using _tracing = await openTracing({
      service: 'chat-worker',
      instance: 'test',
      config: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: 1 },
      log: { warn: () => {} },
    })
    await withSpan({ name: 'process turn' }, () => stand.publish(turn.messages))
  }
  await stand.publish(makeTurn().messages)
  await stand.whenCaughtUp()
  await recorder.service.stop()
  const spans = collector.spans()
  const sent = spans.find(({ name }) => name === 'process turn')
  const recorded = spans.filter(({ service }) => service === 'flow-recorder')
  expect(recorded.length).toBeGreaterThan(0)
  for (const span of recorded)
    expect(span).toMatchObject({
      name: 'process flow.events',
      traceId: sent?.traceId,
      parentSpanId: sent?.spanId,
      attributes: { 'messaging.system': 'nats', 'omni2.session_id': turn.turnId },
    })
})
