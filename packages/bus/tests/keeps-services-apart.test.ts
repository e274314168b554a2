import { afterAll, beforeAll, expect, test } from 'vitest'
import { inboxPrefixOf, makeConversationId, subjects } from '@omni2/contracts'
import { openTestNats, type TestNats } from '@omni2/testkit'
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { ensureStreams } from '../src/index.ts'
import { openUserBus } from './open-user-bus.ts'

let nats: TestNats
let edge: NatsConnection

beforeAll(async () => {
  nats = await openTestNats()
  await using worker = await openUserBus(nats, 'chat-worker')
  await ensureStreams(await worker.openManager(), {
    streams: ['CHAT_TURNS', 'FLOW_EVENTS', 'DEAD_LETTERS'],
    consumer: 'chat-worker',
  })
  const id = makeConversationId()
  await worker.publishDurably(subjects.flowEvents(id), '{}', { id: 'event' })
  await worker.publishDurably(subjects.dead('CHAT_TURNS'), '{}', { id: 'letter' })
  const url = new URL(nats.urlFor('ws-edge'))
  const credentials = { user: url.username, pass: url.password }
  edge = await connect({
    servers: url.host,
    ...credentials,
    inboxPrefix: inboxPrefixOf('ws-edge'),
    timeout: 3000,
  })
})
afterAll(async () => {
  await edge.close()
  await nats[Symbol.asyncDispose]()
})

test.each([
  '$JS.API.STREAM.MSG.GET.FLOW_EVENTS',
  '$JS.API.STREAM.MSG.GET.DEAD_LETTERS',
  '$JS.API.DIRECT.GET.FLOW_EVENTS',
  '$JS.API.CONSUMER.CREATE.FLOW_EVENTS.spy',
  '$JS.API.CONSUMER.DURABLE.CREATE.DEAD_LETTERS.spy',
  '$JS.API.CONSUMER.MSG.NEXT.CHAT_TURNS.chat-worker',
  '$JS.API.STREAM.PURGE.FLOW_EVENTS',
  '$JS.API.STREAM.DELETE.CHAT_TURNS',
  'dead.CHAT_TURNS',
  'control.user.1',
  'flow.events.0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11',
])('the edge may not publish to %s', async (subject) => {
  const refused = heardViolation()
  await edge.request(subject, '{"seq":1}', { timeout: 300 }).catch(() => {})
  expect(await refused).toContain(`"${subject}"`)
})

test.each([
  'flow.events.>',
  'flow.accepted.>',
  'dead.>',
  'chat.turns',
  'chat.owner.>',
  'flow.live.*',
  '_INBOX_chat-worker.>',
  '>',
])('the edge may not hear %s', async (subject) => {
  const refused = Promise.withResolvers<string>()
  edge.subscribe(subject, {
    callback: (error) => {
      if (error) refused.resolve(error.message)
    },
  })
  expect(await refused.promise).toContain(`"${subject}"`)
})

test('the recorder may read flows, but neither turns nor replies', async () => {
  await using recorder = await openUserBus(nats, 'flow-recorder')
  const manager = await recorder.openManager()
  await ensureStreams(manager, { streams: ['FLOW_EVENTS', 'DEAD_LETTERS'], consumer: 'flow-recorder' })
  const consumer = await recorder.jetstream.consumers.get('FLOW_EVENTS', 'flow-recorder')
  expect((await consumer.next({ expires: 2000 }))?.string()).toBe('{}')
  await expect(manager.streams.info('CHAT_TURNS')).rejects.toThrow('Permissions Violation')
})

async function heardViolation(): Promise<string> {
  for await (const status of edge.status()) if (status.type === 'error') return status.error.message
  return 'the connection closed'
}
