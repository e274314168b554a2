import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A span as it came, with its attributes as an object. */
export interface CollectedSpan {
  readonly service: string
  readonly instance: string
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  /** Absent at the root of a trace. */
  readonly parentSpanId?: string
  /** OTLP's number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number
  readonly failed: boolean
  readonly attributes: Readonly<Record<string, unknown>>
}

export interface TestCollector extends AsyncDisposable {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string
  /** What has come so far. */
  spans(): readonly CollectedSpan[]
  /** Headers of each export so far. */
  exports(): readonly IncomingMessage['headers'][]
  /** Resolves to the spans once they match: checked after each export, for 20 s at most. */
  whenSpans<T>(find: (spans: readonly CollectedSpan[]) => T | undefined): Promise<T>
}

const deadlineMs = 20_000

/** A collector of traces that takes OTLP/HTTP with JSON, as services send it. */
export async function openTestCollector(): Promise<TestCollector> {
  const spans: CollectedSpan[] = []
  const exports: IncomingMessage['headers'][] = []
  const waiting = new Set<() => void>()
  const collect = async (request: IncomingMessage, response: ServerResponse) => {
    const body = (await json(request)) as ExportRequest
    if (request.url !== '/v1/traces') return void response.writeHead(404).end()
    spans.push(...readSpans(body))
    exports.push(request.headers)
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    for (const look of waiting) look()
  }
  const server = createServer((request, response) => void collect(request, response))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans: () => spans,
    exports: () => exports,
    whenSpans: (find) => waitForSpans(find, { spans, waiting }),
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

async function waitForSpans<T>(
  find: (spans: readonly CollectedSpan[]) => T | undefined,
  { spans, waiting }: { spans: readonly CollectedSpan[]; waiting: Set<() => void> },
): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const look = () => {
    const found = find(spans)
    if (found !== undefined) resolve(found)
  }
  const timer = setTimeout(() => reject(new Error(describeWait(spans))), deadlineMs)
  waiting.add(look)
  look()
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    waiting.delete(look)
  }
}

const describeWait = (spans: readonly CollectedSpan[]) =>
  `the spans that were waited for did not come; there are: ${spans.map(({ service, name }) => `${service}: ${name}`).join(', ')}`

interface KeyValue {
  key: string
  value: Record<string, unknown>
}

interface ExportRequest {
  resourceSpans: {
    resource: { attributes: KeyValue[] }
    scopeSpans: { spans: WireSpan[] }[]
  }[]
}

interface WireSpan {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  kind: number
  status?: { code?: number }
  attributes?: KeyValue[]
}

function readSpans({ resourceSpans }: ExportRequest): CollectedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const about = readAttributes(resource.attributes)
    const origin = {
      service: String(about['service.name']),
      instance: String(about['service.instance.id']),
    }
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...origin, ...readSpan(span) })))
  })
}

const readSpan = ({ name, traceId, spanId, parentSpanId, kind, status, attributes }: WireSpan) => ({
  name,
  traceId,
  spanId,
  ...(parentSpanId ? { parentSpanId } : {}),
  kind,
  failed: status?.code === 2,
  attributes: readAttributes(attributes ?? []),
})

/** Values come as `{stringValue}`, `{intValue}` (a string or a number), `{arrayValue: {values}}` and so on. */
function readAttributes(pairs: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, readValue(value)]))
}

function readValue(value: Record<string, unknown>): unknown {
  if ('intValue' in value) return Number(value['intValue'])
  const array = value['arrayValue'] as { values: Record<string, unknown>[] } | undefined
  return array === undefined ? Object.values(value)[0] : array.values.map(readValue)
}
