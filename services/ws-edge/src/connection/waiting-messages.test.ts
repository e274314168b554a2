import { expect, test } from 'vitest'
import type { UserMessage } from '../message/user-message.ts'
import { WaitingMessages } from './waiting-messages.ts'

const makeMessage = (session_id: string): UserMessage => ({
  session_id,
  conversation_id: 'c',
  source: 'ws',
  client_msg_id: undefined,
  text: session_id,
  replaces: null,
})

const offerAll = (messages: WaitingMessages, ...ids: string[]) =>
  ids.map((id) => messages.offer(makeMessage(id)))

test('hands out one message after another, in order', async () => {
  const messages = new WaitingMessages(3)
  offerAll(messages, 'a', 'b', 'c')
  const taken: string[] = []
  for await (const { session_id } of messages) {
    taken.push(session_id)
    if (session_id === 'c') messages.end()
  }
  expect(taken).toEqual(['a', 'b', 'c'])
})

test('a message with the id of another and another question is the other, waiting or being answered', async () => {
  const messages = new WaitingMessages(2)
  offerAll(messages, 'a', 'b')
  await messages[Symbol.asyncIterator]().next()
  for (const id of ['a', 'b']) {
    const message = makeMessage(id)
    expect(messages.offer({ ...message, text: 'else' })).toBe('other')
    expect(messages.offer({ ...message, replaces: 'c' })).toBe('other')
    expect(messages.offer(message)).toBe(id === 'a' ? 'running' : 'repeated')
  }
})

test('refuses one more than it may keep; the one that is being answered does not count', async () => {
  const messages = new WaitingMessages(2)
  offerAll(messages, 'a')
  await messages[Symbol.asyncIterator]().next()
  expect(offerAll(messages, 'b', 'c', 'd')).toEqual(['waiting', 'waiting', 'full'])
})

test('takes one more while none is being answered, as that one need not wait', () => {
  expect(offerAll(new WaitingMessages(2), 'a', 'b', 'c', 'd')).toEqual([
    'waiting',
    'waiting',
    'waiting',
    'full',
  ])
})

test('keeps the same turn once', async () => {
  const messages = new WaitingMessages(2)
  offerAll(messages, 'a', 'b')
  await messages[Symbol.asyncIterator]().next()
  expect(offerAll(messages, 'a', 'b')).toEqual(['running', 'repeated'])
})

test('wakes those that wait for a message, and for its end', async () => {
  const messages = new WaitingMessages(1)
  const iterator = messages[Symbol.asyncIterator]()
  const first = iterator.next()
  offerAll(messages, 'a')
  expect((await first).value?.session_id).toBe('a')
  expect(messages.current?.session_id).toBe('a')
  const second = iterator.next()
  messages.end()
  expect((await second).done).toBe(true)
  expect(messages.current).toBeUndefined()
})

test('gives back what was waiting when it ends', () => {
  const messages = new WaitingMessages(1)
  offerAll(messages, 'a', 'b')
  expect(messages.end().map(({ session_id }) => session_id)).toEqual(['a', 'b'])
})

test('hands out nothing while it is held, and takes one message less', async () => {
  const messages = new WaitingMessages(1)
  const holds = [messages.hold(), messages.hold()]
  expect(offerAll(messages, 'a', 'b')).toEqual(['waiting', 'full'])
  let taken: string | undefined
  const taking = messages[Symbol.asyncIterator]()
    .next()
    .then(({ value }) => (taken = value?.session_id))
  for (const hold of holds) {
    await new Promise((resolve) => setImmediate(resolve))
    expect([taken, messages.holds > 0]).toEqual([undefined, true])
    hold[Symbol.dispose]()
  }
  expect(await taking).toBe('a')
})

test('gives back a message that waits, and none that is being answered', async () => {
  const messages = new WaitingMessages(2)
  offerAll(messages, 'a', 'b', 'c')
  await messages[Symbol.asyncIterator]().next()
  expect(messages.withdraw('a')).toBeUndefined()
  expect(messages.withdraw('b')?.session_id).toBe('b')
  expect(messages.withdraw('b')).toBeUndefined()
  expect(messages.end().map(({ session_id }) => session_id)).toEqual(['c'])
})
