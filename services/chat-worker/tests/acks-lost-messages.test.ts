import { openBus } from '@omni2/bus'
import { consumers } from '@omni2/contracts'
import { openLogger } from '@omni2/service-kit'
import { expect, test } from 'vitest'
import { ackLostMessages } from '../src/upkeep/ack-lost-messages.ts'
import { openWorkerWorld } from './worker-world.ts'

const { stream, durable_name } = consumers['chat-worker']
const log = { info: () => {} }
const quiet = openLogger({ name: 'test', instance: 'test', level: 'silent' })

test('a message that the consumer waits for and the stream has lost is acknowledged, others stay', async () => {
  await using world = await openWorkerWorld()
  const lookUp = async () => {
    const { ack_floor, num_ack_pending } = await world.manager.consumers.info(stream, durable_name)
    return { floor: ack_floor.stream_seq, unacknowledged: num_ack_pending }
  }
  await using worker = await world.startWorker()
  const held = [
    world.makeTurn('One [[sim tokens=4000 pace=20]]'),
    world.makeTurn('Two [[sim tokens=4000 pace=20]]'),
  ]
  for (const turn of held) await world.send(turn)
  await expect.poll(lookUp).toEqual({ floor: 0, unacknowledged: 2 })
  // So that the worker acknowledges and extends nothing.
  worker.kill('SIGKILL')
  await worker.exited

  const url = world.nats.urlFor('chat-worker')
  const opened = { user: 'chat-worker', name: 'test', connectDeadlineMs: 5000, log: quiet, url } as const
  await using bus = await openBus(opened)
  const manager = await bus.openManager()
  await ackLostMessages({ bus, manager, log })
  expect(await lookUp()).toEqual({ floor: 0, unacknowledged: 2 })
  await world.manager.streams.deleteMessage(stream, 1, false)
  await ackLostMessages({ bus, manager, log })
  await expect.poll(lookUp).toEqual({ floor: 1, unacknowledged: 1 })
})
