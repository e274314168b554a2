import { readTraceparent, openBus } from '@omni2/bus'
import { subjects } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { openTestCollector, type CollectedSpan, type TestCollector } from '@omni2/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limitTurns } from './limit-turns.ts'
import { say } from './sse-stream.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

/** What a client may send, sampled. */
const foreignTrace = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${foreignTrace}-b7ad6b7169203331-01`

let collector: TestCollector
let edge: TestEdge

beforeAll(async () => {
  collector = await openTestCollector()
  edge = await startEdge({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
})

afterAll(async () => {
  await edge[Symbol.asyncDispose]()
  await collector[Symbol.asyncDispose]()
})

/** What the edge stored of the next turn: both messages, as they lie in their streams. */
async function takeStored() {
  const message = await edge.worker.takeMessage()
  message.ack()
  const { session_id: turnId, conversation_id: conversationId } = message.json<{
    session_id: string
    conversation_id: string | null
  }>()
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const url = edge.nats.urlFor('migrate')
  await using bus = await openBus({ url, user: 'migrate', name: 'test', connectDeadlineMs: 5000, log })
  const manager = await bus.openManager()
  const last_by_subj = subjects.flowAccepted(turnId)
  const findEvent = () => manager.streams.getMessage('FLOW_EVENTS', { last_by_subj })
  await expect.poll(findEvent).not.toBeNull()
  const event = await findEvent()
  return {
    turnId,
    conversationId,
    ofTurn: readTraceparent(message),
    ofEvent: event?.header.get('traceparent'),
  }
}

/** Spans of a turn, by name, once both are exported. */
const whenExported = (turnId: string) =>
  collector.whenSpans((spans) => {
    const ofTurn = spans.filter(({ attributes }) => attributes['omni2.session_id'] === turnId)
    const [accept, record] = ['accept', 'record accepted'].map((name) =>
      ofTurn.find((span) => span.name === name),
    )
    return accept && record ? { accept, record } : undefined
  })

const describe = ({ traceId, spanId }: CollectedSpan): string => `00-${traceId}-${spanId}-01`

test('a turn on a socket - begins a trace of its own, and both of its messages are sent in it', async () => {
  using chat = await edge.connect({ headers: { traceparent } })
  await chat.next('welcome')
  chat.say('only the user reads this')
  const stored = await takeStored()
  const { accept, record } = await whenExported(stored.turnId)
  expect(accept).toMatchObject({
    service: 'ws-edge',
    instance: 'edge-under-test',
    kind: 4,
    failed: false,
    attributes: {
      'messaging.system': 'nats',
      'messaging.destination.name': 'CHAT_TURNS',
      'messaging.message.id': stored.turnId,
      'gen_ai.conversation.id': stored.conversationId,
      'user.id': '1',
      'omni2.outcome': 'accepted',
    },
  })
  expect(accept.parentSpanId).toBeUndefined()
  expect(accept.traceId).not.toBe(foreignTrace)
  expect(stored.ofTurn).toBe(describe(accept))
  expect(record).toMatchObject({ traceId: accept.traceId, parentSpanId: accept.spanId, failed: false })
  expect(stored.ofEvent).toBe(describe(record))
  expect(JSON.stringify(collector.spans())).not.toContain('only the user reads this')
  const logged = await edge.service.log.waitFor(/"turn accepted"/)
  expect(JSON.parse(logged)).toMatchObject({ trace_id: accept.traceId, span_id: record.spanId })
})

test('a question over SSE - the same, without a conversation', async () => {
  const asking = say(edge, 'over http', { headers: { traceparent } })
  const stored = await takeStored()
  using _stream = await asking
  const { accept, record } = await whenExported(stored.turnId)
  expect(accept.attributes).not.toHaveProperty('gen_ai.conversation.id')
  expect(accept.traceId).not.toBe(foreignTrace)
  expect([stored.ofTurn, stored.ofEvent]).toEqual([describe(accept), describe(record)])
})

test('a turn that the full queue refuses - its span has failed, by the code of the error', async () => {
  using chat = await edge.connect()
  await chat.next('welcome')
  await limitTurns(edge, 1)
  chat.say('only the user reads this')
  const { session_id } = await chat.next('error')
  await limitTurns(edge, 1_000_000)
  const span = await collector.whenSpans((spans) =>
    spans.find(({ attributes }) => attributes['omni2.session_id'] === session_id),
  )
  expect(span).toMatchObject({
    name: 'accept',
    failed: true,
    attributes: { 'error.type': 'unavailable', 'omni2.outcome': 'refused' },
  })
  expect(JSON.stringify(span)).not.toContain('only the user reads this')
})

test('a client that asks for a trace where none is sampled - gets none', async () => {
  await using quiet = await startEdge({
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_TRACES_SAMPLER_ARG: '0' },
  })
  using chat = await quiet.connect({ headers: { traceparent } })
  await chat.next('welcome')
  chat.say('not traced')
  const message = await quiet.worker.takeMessage()
  expect(readTraceparent(message)).toMatch(/-00$/)
})
