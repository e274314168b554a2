import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  consumers,
  makeConversationId,
  maxPayloadBytes,
  requests,
  streamNames,
  streams,
  subjects,
} from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { openTestNats, type TestNats } from '@omni2/testkit'
import {
  checkStreams,
  ensureStreams,
  migrateStreams,
  NoResponderError,
  PublishRefusedError,
  PublishUnknownError,
  Slots,
  StreamMismatchError,
  takeMessages,
  type Bus,
} from '../src/index.ts'
import { openUserBus } from './open-user-bus.ts'

const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
let nats: TestNats
let worker: Bus
let edge: Bus

beforeAll(async () => {
  nats = await openTestNats()
  worker = await openUserBus(nats, 'chat-worker')
  edge = await openUserBus(nats, 'ws-edge')
  const all = { streams: ['CHAT_TURNS', 'FLOW_EVENTS', 'DEAD_LETTERS'], consumer: 'chat-worker' } as const
  await ensureStreams(await worker.openManager(), all)
  await ensureStreams(await worker.openManager(), all)
})
afterAll(async () => {
  await edge[Symbol.asyncDispose]()
  await worker[Symbol.asyncDispose]()
  await nats[Symbol.asyncDispose]()
})

test('stores one message of an id, however often it is sent', async () => {
  const id = makeConversationId()
  expect(await edge.publishDurably(subjects.flowAccepted(id), 'one', { id })).toEqual({
    duplicate: false,
    seq: 1,
  })
  expect(await edge.publishDurably(subjects.flowAccepted(id), 'one', { id })).toEqual({
    duplicate: true,
    seq: 1,
  })
})

test('a message that the stream refuses is certainly not stored', async () => {
  const tooLarge = 'x'.repeat(300_000)
  await expect(edge.publishDurably(subjects.turns, tooLarge, { id: 'large' })).rejects.toThrow(
    PublishRefusedError,
  )
})

test.each([
  ['stream', 5],
  ['server', 9],
])('a message that is too large for its %s says so', async (_, mebibytes) => {
  const id = makeConversationId()
  const tooLarge = 'x'.repeat(mebibytes * 1024 * 1024)
  await expect(edge.publishDurably(subjects.flowAccepted(id), tooLarge, { id })).rejects.toMatchObject({
    name: 'PublishRefusedError',
    isTooLarge: true,
    isFull: false,
  })
})

test('knows what its server takes', () => expect(worker.maxPayloadBytes).toBe(maxPayloadBytes))

test('without an acknowledgement it is unknown whether a message is stored', async () => {
  await using own = await openTestNats()
  const bus = await openUserBus(own, 'ws-edge')
  await expect(bus.publishDurably(subjects.turns, 'x', { id: 'x' })).rejects.toThrow(PublishUnknownError)
  await bus[Symbol.asyncDispose]()
})

test('a request without a responder fails at once', async () => {
  const asking = edge.request(requests.recheck, { logins: [] }, { timeoutMs: 5000 })
  await expect(asking).rejects.toThrow(NoResponderError)
})

test('takes one message for each free slot and no more', async () => {
  const consumer = await worker.jetstream.consumers.get('CHAT_TURNS', 'chat-worker')
  const stopping = new AbortController()
  const slots = new Slots(2)
  const pulls: (string | undefined)[] = []
  const held: { text: string; release: () => void }[] = []
  const loop = takeMessages({
    openConsumer: async () => consumer,
    onPull: (failure) => void pulls.push(failure),
    slots,
    stopping: stopping.signal,
    log,
    mayTake: async () => {},
    handle: async (message) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      held.push({ text: message.string(), release: resolve })
      await promise
      await message.ackAck()
    },
  })
  for (const text of ['1', '2', '3']) await edge.publishDurably(subjects.turns, text, { id: `slot-${text}` })
  await expect.poll(() => held.map(({ text }) => text)).toEqual(['1', '2'])
  const { num_pending } = await consumer.info()
  expect(num_pending).toBe(1)
  held[0]?.release()
  await expect.poll(() => held.map(({ text }) => text)).toEqual(['1', '2', '3'])
  for (const { release } of held) release()
  stopping.abort()
  await loop
  await slots.emptied()
  expect((await consumer.info()).num_ack_pending).toBe(0)
  expect(new Set(pulls)).toEqual(new Set([undefined]))
})

test('a stream that differs from contracts is named with its differences', async () => {
  await using own = await openTestNats()
  await using operator = await openUserBus(own, 'migrate')
  const manager = await operator.openManager()
  await manager.streams.add({ name: 'CHAT_TURNS', subjects: ['chat.turns'], retention: 'limits' })
  await expect(checkStreams(manager, ['CHAT_TURNS'])).rejects.toThrow(StreamMismatchError)
  await expect(checkStreams(manager, ['CHAT_TURNS'])).rejects.toThrow(
    'retention is "limits", not "workqueue"',
  )
})

test('a consumer that keeps messages back is named with what does so', async () => {
  await using own = await openTestNats()
  await using operator = await openUserBus(own, 'migrate')
  const manager = await operator.openManager()
  await ensureStreams(manager, { streams: ['CHAT_TURNS'] })
  const { stream, ...wanted } = consumers['chat-worker']
  await manager.consumers.add(stream, { ...wanted, filter_subject: 'chat.turns', headers_only: true })
  await expect(ensureStreams(manager, { streams: [], consumer: 'chat-worker' })).rejects.toThrow(
    'filter_subject is set to "chat.turns", headers_only is set to true',
  )
})

test('the migrate step makes, changes and raises streams, and says in a line what a NATS cannot have', async () => {
  await using own = await openTestNats()
  await using operator = await openUserBus(own, 'migrate')
  const manager = await operator.openManager()
  await manager.streams.add({ ...streams.CHAT_TURNS, subjects: ['chat.turns'], max_bytes: 1_000_000 })
  await manager.consumers.add('CHAT_TURNS', {
    durable_name: 'chat-worker',
    ack_policy: 'explicit',
    filter_subject: 'chat.turns',
  })
  const changes = await migrateStreams(manager, { replicas: 1 })
  expect(changes).toEqual([
    expect.stringMatching(/^changed CHAT_TURNS: max_bytes is 1000000, not /),
    'made FLOW_EVENTS',
    'made DEAD_LETTERS',
    expect.stringMatching(/^changed chat-worker: .*filter_subject is set/),
    'made flow-recorder',
  ])
  expect(await migrateStreams(manager, { replicas: 1 })).toEqual([])
  await ensureStreams(manager, { streams: streamNames, consumer: 'chat-worker' })
  await expect(migrateStreams(manager, { replicas: 3 })).rejects.toThrow(
    /^NATS cannot keep CHAT_TURNS as needed in 3 copies \(NATS_STREAM_REPLICAS\): .+$/,
  )
})

test('notifies its listeners of a lost connection and of its return, even when one of them throws', async () => {
  const lost = Promise.withResolvers<void>()
  const restored = Promise.withResolvers<number>()
  const fail = () => {
    throw new Error('of this listener')
  }
  edge.listen({ onLost: fail, onRestored: fail })
  edge.listen({ onLost: lost.resolve, onRestored: restored.resolve })
  await nats.restart()
  await lost.promise
  expect(await restored.promise).toBeGreaterThanOrEqual(0)
  await edge.publishDurably(subjects.flowAccepted(makeConversationId()), 'after', { id: 'after' })
})
