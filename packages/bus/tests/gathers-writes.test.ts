import { Socket } from 'node:net'
import { openTestNats } from '@omni2/testkit'
import { expect, test, vi } from 'vitest'
import { openUserBus } from './open-user-bus.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('what is sent in one turn of the event loop - is one write, in order', async () => {
  await using nats = await openTestNats()
  await using sender = await openUserBus(nats, 'chat-worker')
  await using receiver = await openUserBus(nats, 'ws-edge')
  const heard: string[] = []
  receiver.subscribe('chat.replies.>', (payload) => void heard.push(Buffer.from(payload).toString()))
  await receiver.flush()
  await sender.flush()
  await nextTurn()
  const writes = [vi.spyOn(Socket.prototype, '_write'), vi.spyOn(Socket.prototype, '_writev')]
  const sent = ['a', 'b', 'c', 'd']
  for (const text of sent) {
    sender.publish('chat.replies.x', text)
    // The library writes in the microtask after each.
    for (let times = 0; times < 5; times += 1) await Promise.resolve()
  }
  await nextTurn()
  const count = writes.reduce((sum, { mock }) => sum + mock.calls.length, 0)
  vi.restoreAllMocks()
  expect(count).toBe(1)
  await expect.poll(() => heard).toEqual(sent)
})
