import { openTracing, withSpan } from '@omni2/telemetry'
import { expect, test } from 'vitest'
import { openLogger } from './logger.ts'

test('a line that is written in a span names it and its trace; others name none', async () => {
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => void lines.push(JSON.parse(line))
  const log = openLogger({ name: 'test', instance: 'test-1', level: 'info' }, { write })
  // Nothing of it is sampled, so nothing is sent.
  const config = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_TRACES_SAMPLER_ARG: 0 }
  await using _tracing = await openTracing({ service: 'test', instance: 'test-1', config, log })
  log.info({ user_id: 1 }, 'before')
  await withSpan({ name: 'work' }, async (span) => {
    log.child({ session_id: 's' }).info('within')
    expect(lines.at(-1)).toMatchObject({
      session_id: 's',
      trace_id: span.spanContext().traceId,
      span_id: span.spanContext().spanId,
    })
  })
  log.info('after')
  for (const line of [lines[0], lines[2]]) expect(line).not.toHaveProperty('trace_id')
  expect(lines[2]).not.toHaveProperty('user_id')
})
