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

const openMessages = (capacity: number, onReady = () => {}) => new WaitingMessages(capacity, onReady)

const offerAll = (messages: WaitingMessages, ...ids: string[]) =>
  ids.map((id) => messages.offer(makeMessage(id)))

test('hands out one message after another, in order, each when the one before is finished', () => {
  const messages = openMessages(3)
  offerAll(messages, 'a', 'b', 'c')
  for (const id of ['a', 'b', 'c']) {
    expect(messages.take()?.session_id).toBe(id)
    expect(messages.current?.session_id).toBe(id)
    expect(messages.take()).toBeUndefined()
    messages.finish()
    expect(messages.current).toBeUndefined()
  }
  expect(messages.take()).toBeUndefined()
})

test('a message with the id of another and another question is the other, waiting or being answered', () => {
  const messages = openMessages(2)
  offerAll(messages, 'a', 'b')
  messages.take()
  for (const id of ['a', 'b']) {
    const message = makeMessage(id)
    expect(messages.offer({ ...message, text: 'else' })).toBe('other')
    expect(messages.offer({ ...message, replaces: 'c' })).toBe('other')
    expect(messages.offer(message)).toBe(id === 'a' ? 'running' : 'repeated')
  }
})

test('refuses one more than it may keep; the one that is being answered does not count', () => {
  const messages = openMessages(2)
  offerAll(messages, 'a')
  messages.take()
  expect(offerAll(messages, 'b', 'c', 'd')).toEqual(['waiting', 'waiting', 'full'])
})

test('takes one more while none is being answered, as that one need not wait', () => {
  expect(offerAll(openMessages(2), 'a', 'b', 'c', 'd')).toEqual(['waiting', 'waiting', 'waiting', 'full'])
})

test('keeps the same turn once', () => {
  const messages = openMessages(2)
  offerAll(messages, 'a', 'b')
  messages.take()
  expect(offerAll(messages, 'a', 'b')).toEqual(['running', 'repeated'])
})

test('says when a message may be ready, and hands out none after its end', () => {
  let ready = 0
  const messages = openMessages(2, () => (ready += 1))
  offerAll(messages, 'a', 'b')
  expect(ready).toBe(2)
  messages.end()
  expect(messages.take()).toBeUndefined()
})

test('gives back what was waiting when it ends', () => {
  const messages = openMessages(1)
  offerAll(messages, 'a', 'b')
  expect(messages.end().map(({ session_id }) => session_id)).toEqual(['a', 'b'])
})

test('hands out nothing while it is held, and takes one message less', () => {
  const taken: (string | undefined)[] = []
  const messages: WaitingMessages = openMessages(1, () => taken.push(messages.take()?.session_id))
  const holds = [messages.hold(), messages.hold()]
  expect(offerAll(messages, 'a', 'b')).toEqual(['waiting', 'full'])
  for (const hold of holds) hold[Symbol.dispose]()
  expect(taken).toEqual([undefined, undefined, 'a'])
})

test('gives back a message that waits, and none that is being answered', () => {
  const messages = openMessages(2)
  offerAll(messages, 'a', 'b', 'c')
  messages.take()
  expect(messages.withdraw('a')).toBeUndefined()
  expect(messages.withdraw('b')?.session_id).toBe('b')
  expect(messages.withdraw('b')).toBeUndefined()
  expect(messages.end().map(({ session_id }) => session_id)).toEqual(['c'])
})
