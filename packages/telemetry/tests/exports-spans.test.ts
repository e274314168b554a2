import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { openTestCollector } from '@omni2/testkit'
import { expect, test, vi } from 'vitest'
import {
  addSpan,
  currentTraceparent,
  failSpan,
  openTracing,
  semanticAttributes,
  traceFields,
  withSpan,
  type TracingConfig,
} from '../src/index.ts'

const log = { warn: vi.fn<(fields: object, message: string) => void>() }
const open = (config: Partial<TracingConfig>) =>
  openTracing({
    service: 'test',
    instance: 'test-1',
    config: { OTEL_TRACES_SAMPLER_ARG: 1, ...config },
    log,
  })

test('without a collector - work is done, and there are no traces', async () => {
  await using _tracing = await open({})
  const seen = await withSpan({ name: 'work' }, async () => [currentTraceparent(), traceFields()])
  expect(seen).toEqual([undefined, {}])
})

test('a turn over two processes - is one trace with the right parents, named by service and instance', async () => {
  await using collector = await openTestCollector()
  const headers = { authorization: 'Basic YQ==' }
  const tracing = await open({
    OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
    OTEL_EXPORTER_OTLP_HEADERS: headers,
  })
  const traceparent = await withSpan({ name: 'accept', kind: 'producer' }, async () => currentTraceparent())
  // Nothing but the header connects the two.
  const fields = await withSpan({ name: 'process turn', kind: 'consumer', parent: traceparent }, async () => {
    const attributes = { [semanticAttributes.genAiRequestModel]: 'm', list: ['a', 'b'], count: 3 }
    await withSpan({ name: 'chat m', kind: 'client', attributes }, async () => {})
    addSpan({ name: 'record', parent: currentTraceparent() }, { begunAt: Date.now() - 50 })
    return traceFields()
  })
  await tracing[Symbol.asyncDispose]()

  const spans = new Map(collector.spans().map((span) => [span.name, span]))
  const [accept, turn, chat, record] = ['accept', 'process turn', 'chat m', 'record'].map((name) =>
    spans.get(name),
  )
  expect(accept).toMatchObject({ service: 'test', instance: 'test-1', kind: 4 })
  expect(accept?.parentSpanId).toBeUndefined()
  expect(turn).toMatchObject({ traceId: accept?.traceId, parentSpanId: accept?.spanId, kind: 5 })
  expect(chat).toMatchObject({
    traceId: accept?.traceId,
    parentSpanId: turn?.spanId,
    kind: 3,
    attributes: { 'gen_ai.request.model': 'm', list: ['a', 'b'], count: 3 },
  })
  expect(record).toMatchObject({ traceId: accept?.traceId, parentSpanId: turn?.spanId })
  expect(fields).toEqual({ trace_id: turn?.traceId, span_id: turn?.spanId })
  expect(collector.exports()).toContainEqual(expect.objectContaining(headers))
})

test('what fails - is marked with its code, and never with its message', async () => {
  await using collector = await openTestCollector()
  const tracing = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url })
  const failure = Object.assign(new Error('the user wrote this'), { code: 'model_overloaded' })
  await expect(withSpan({ name: 'fails' }, () => Promise.reject(failure))).rejects.toBe(failure)
  await withSpan({ name: 'refused' }, async (span) => failSpan(span, new TypeError('secret')))
  await withSpan({ name: 'works' }, async () => {})
  await tracing[Symbol.asyncDispose]()
  const found = collector.spans().map(({ name, failed, attributes }) => ({ name, failed, attributes }))
  expect(found).toEqual([
    { name: 'fails', failed: true, attributes: { 'error.type': 'model_overloaded' } },
    { name: 'refused', failed: true, attributes: { 'error.type': 'TypeError' } },
    { name: 'works', failed: false, attributes: {} },
  ])
})

test('what is not sampled - is sampled nowhere; what was sampled elsewhere is', async () => {
  await using collector = await openTestCollector()
  const tracing = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: 0 })
  const traceparent = await withSpan({ name: 'dropped' }, async () => currentTraceparent())
  await withSpan({ name: 'below dropped', parent: traceparent }, async () => {})
  const sampled = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  await withSpan({ name: 'below sampled', parent: sampled }, async () => {})
  for (const parent of [
    'nonsense',
    sampled.replace('00-4', 'ff-4'),
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
  ])
    await withSpan({ name: 'below nonsense', parent }, async () => {})
  await tracing[Symbol.asyncDispose]()
  expect(traceparent).toMatch(/-00$/)
  expect(collector.spans()).toMatchObject([
    { name: 'below sampled', traceId: sampled.slice(3, 35), parentSpanId: sampled.slice(36, 52) },
  ])
})

test('a collector that never answers - holds up no shutdown', async () => {
  const silent = createServer((socket) => socket.on('error', () => {}).resume())
  await once(silent.listen(0, '127.0.0.1'), 'listening')
  const { port } = silent.address() as AddressInfo
  const tracing = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` })
  await withSpan({ name: 'lost' }, async () => {})
  const connected = once(silent, 'connection')
  const disposed = tracing[Symbol.asyncDispose]()
  const [socket] = await connected
  await disposed
  // The export is given up as well: its socket would keep the process alive.
  if (!socket.closed) await once(socket, 'close')
  expect(socket.closed).toBe(true)
  silent.close()
})

test('a collector that takes nothing - is reported once, however much is lost', async () => {
  log.warn.mockClear()
  const refusing = createHttpServer((_request, response) => void response.writeHead(400).end())
  await once(refusing.listen(0, '127.0.0.1'), 'listening')
  const { port } = refusing.address() as AddressInfo
  const tracing = await open({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` })
  for (let turn = 0; turn < 1000; turn += 1) await withSpan({ name: 'lost' }, async () => {})
  await vi.waitFor(() => expect(log.warn).toHaveBeenCalledOnce(), { timeout: 20_000 })
  expect(log.warn).toHaveBeenCalledWith({ err: expect.anything() }, 'traces not exported')
  await tracing[Symbol.asyncDispose]()
  expect(log.warn).toHaveBeenCalledOnce()
  refusing.closeAllConnections()
  refusing.close()
})
