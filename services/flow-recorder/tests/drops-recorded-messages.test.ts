import { consumers } from '@omni2/contracts'
import { ensureStreams, openBus } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'
import { openTestNats } from '@omni2/testkit'
import { expect, test } from 'vitest'
import { dropRecordedMessages } from '../src/finish/drop-recorded-messages.ts'

const { stream, durable_name } = consumers['flow-recorder']
const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })

test('messages below the last acknowledged one are deleted, by the recorder, and no others', async () => {
  await using nats = await openTestNats()
  const options = { name: 'test', connectDeadlineMs: 5000, log } as const
  await using operator = await openBus({ ...options, user: 'migrate', url: nats.urlFor('migrate') })
  await ensureStreams(await operator.openManager(), {
    streams: ['FLOW_EVENTS', 'DEAD_LETTERS'],
    consumer: 'flow-recorder',
    replicas: 1,
  })
  await using worker = await openBus({ ...options, user: 'chat-worker', url: nats.urlFor('chat-worker') })
  for (const id of ['one', 'two', 'three']) await worker.publishDurably(`flow.events.${id}`, id, { id })

  await using bus = await openBus({ ...options, user: 'flow-recorder', url: nats.urlFor('flow-recorder') })
  const manager = await bus.openManager()
  const list = async () => {
    const { state } = await manager.streams.info(stream)
    return { first: state.first_seq, messages: state.messages }
  }
  await dropRecordedMessages({ manager, log })
  expect(await list()).toEqual({ first: 1, messages: 3 })
  // What a killed server has: messages that are acknowledged, and not deleted.
  const info = await manager.consumers.info(stream, durable_name)
  const acked = { ...info, ack_floor: { ...info.ack_floor, stream_seq: 2 } }
  const { streams } = manager
  await dropRecordedMessages({
    manager: { streams, consumers: { info: async () => acked } } as unknown as typeof manager,
    log,
  })
  expect(await list()).toEqual({ first: 3, messages: 1 })
})
