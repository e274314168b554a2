import { expect, test } from 'vitest'
import { declareMetrics } from './declare-metrics.ts'
import { openMetrics } from './open-metrics.ts'

const declarations = declareMetrics({
  logins: {
    type: 'counter',
    name: 'omni2_test_logins_total',
    help: 'Logins by result',
    labels: { result: ['success', 'refused'], origin: ['web', 'api'] },
  },
  waiting: { type: 'gauge', name: 'omni2_test_waiting', help: 'Turns that wait' },
  state: { type: 'gauge', name: 'omni2_test_state', help: 'Parts', labels: { part: ['idle', 'busy'] } },
  duration: {
    type: 'histogram',
    name: 'omni2_test_duration_seconds',
    help: 'Duration',
    buckets: [0.1, 1],
    labels: { end: ['done', 'error'] },
  },
})

const linesOf = (body: string, name: string) => body.split('\n').filter((line) => line.startsWith(name))

test('every series of a metric exists before anything has happened', async () => {
  const { body, contentType } = await openMetrics(declarations).renderMetrics()
  expect(contentType).toMatch(/^text\/plain; version=/)
  expect(linesOf(body, 'omni2_test_logins_total')).toEqual([
    'omni2_test_logins_total{result="success",origin="web"} 0',
    'omni2_test_logins_total{result="success",origin="api"} 0',
    'omni2_test_logins_total{result="refused",origin="web"} 0',
    'omni2_test_logins_total{result="refused",origin="api"} 0',
  ])
  expect(linesOf(body, 'omni2_test_waiting')).toEqual(['omni2_test_waiting 0'])
  expect(linesOf(body, 'omni2_test_duration_seconds_count')).toEqual([
    'omni2_test_duration_seconds_count{end="done"} 0',
    'omni2_test_duration_seconds_count{end="error"} 0',
  ])
})

test('counts, sets, observes, and reads gauges at each scrape', async () => {
  const { metrics, renderMetrics } = openMetrics(declarations)
  let waiting = 3
  metrics.waiting.readFrom(() => waiting)
  metrics.state.readFrom(() => 2, { part: 'busy' })
  metrics.state.set(5, { part: 'idle' })
  metrics.logins.add(2, { result: 'success', origin: 'api' })
  metrics.duration.observe(0.5, { end: 'done' })
  expect((await renderMetrics()).body).toContain('omni2_test_waiting 3\n')
  waiting = 4
  const { body } = await renderMetrics()
  expect(body).toContain('omni2_test_waiting 4\n')
  expect(body).toContain('omni2_test_state{part="busy"} 2\n')
  expect(body).toContain('omni2_test_state{part="idle"} 5\n')
  expect(body).toContain('omni2_test_logins_total{result="success",origin="api"} 2\n')
  expect(linesOf(body, 'omni2_test_duration_seconds_bucket{le="1",end="done"}')).toEqual([
    'omni2_test_duration_seconds_bucket{le="1",end="done"} 1',
  ])
  expect(body).toContain('omni2_test_duration_seconds_sum{end="done"} 0.5\n')
})

test('what a metric cannot take is left out, throws nothing and is said once', async () => {
  const { metrics, renderMetrics } = openMetrics(declarations)
  const warned: string[] = []
  const hear = ({ message }: Error) => void warned.push(message)
  process.on('warning', hear)
  const result = { result: 'success', origin: 'web' } as const
  for (const odd of [Number.NaN, Infinity, -1, undefined as never, 'x' as never])
    metrics.logins.add(odd, result)
  metrics.logins.add(1, { result: 'never declared', other: 'x' } as never)
  metrics.logins.add(1, result)
  for (const odd of [Number.NaN, Date.parse('no date'), null as never])
    metrics.duration.observe(odd, { end: 'done' })
  metrics.duration.observe(1, undefined as never)
  metrics.waiting.set(3)
  metrics.waiting.set(Number.NaN)
  metrics.state.readFrom(() => JSON.parse('no json'), { part: 'idle' })
  metrics.state.readFrom(() => 2, { part: 'busy' })
  const { body } = await renderMetrics()
  expect(body).toContain('omni2_test_logins_total{result="success",origin="web"} 1\n')
  expect(body).toContain('omni2_test_duration_seconds_count{end="done"} 0\n')
  expect(body).toContain('omni2_test_waiting 3\n')
  expect(body).toContain('omni2_test_state{part="busy"} 2\n')
  await new Promise(setImmediate)
  process.off('warning', hear)
  const named = warned.map((message) => message.split(' ')[0])
  expect(named).toHaveLength(4)
  expect(new Set(named)).toEqual(
    new Set([
      'omni2_test_duration_seconds',
      'omni2_test_logins_total',
      'omni2_test_state',
      'omni2_test_waiting',
    ]),
  )
})

test('two services in one process count apart', async () => {
  const [one, other] = [openMetrics(declarations), openMetrics(declarations)]
  one.metrics.waiting.set(7)
  expect((await other.renderMetrics()).body).toContain('omni2_test_waiting 0\n')
})

test('Node reports its event loop and memory, and nothing that grows with open sockets', async () => {
  const { body } = await openMetrics({}).renderMetrics()
  expect(body).toContain('nodejs_eventloop_lag_p99_seconds ')
  expect(body).toContain('process_resident_memory_bytes ')
  expect(body).not.toMatch(/process_open_fds|nodejs_active_/)
})
