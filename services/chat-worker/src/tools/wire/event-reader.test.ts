import { expect, test } from 'vitest'
import { EventReader } from './event-reader.ts'
import { FloodError, Inbox } from './inbox.ts'
import { LineInbox } from './line-inbox.ts'
import { MessageTooLargeError } from './message-meter.ts'

const inbox = () => new Inbox({ maxLength: 1000 })

/** The events of a stream that arrives in pieces of so many characters. */
function readEvents(text: string, size: number) {
  const reader = new EventReader(inbox())
  const starts = Array.from({ length: Math.ceil(text.length / size) }, (_, index) => index * size)
  return starts.flatMap((at) => reader.add(text.slice(at, at + size)))
}

test.each([1, 2, 7, 1000])('an event stream in pieces of %i - its events', (size) => {
  const stream =
    ': "ping\r\n\r\nid: 7\r\ndata: {"a":\r\ndata:1}\r\n\r\nretry: 0\nevent: other\ndata: x\n\nevent:message\rdata: 2\r\rid\n\n'
  expect(readEvents(stream, size)).toEqual([
    { data: '{"a":\n1}', id: '7' },
    { data: '2', id: undefined },
    { data: '', id: '' },
  ])
})

test('an event is measured by itself', () => {
  const line = `data: "${'a'.repeat(600)}"\n`
  expect(readEvents(`${line}\n${line}\n`, 1000)).toHaveLength(2)
  expect(() => readEvents(line + line, 1000)).toThrow(MessageTooLargeError)
})

const lines = (text: string, reader = new LineInbox({ maxLength: 1000 })) => {
  reader.append(Buffer.from(text))
  return reader.readMessage()
}

test('lines of a process that are no messages are passed over', () => {
  const message = { jsonrpc: '2.0', id: 1, method: 'ping' }
  expect(lines(`started 1\n{broken\n\n${JSON.stringify(message)}\n{"half`)).toEqual(message)
})

test('a process that says too much is given up', () => {
  expect(() => lines('a'.repeat(1001))).toThrow(MessageTooLargeError)
  expect(() => lines('x\n'.repeat(2001))).toThrow(FloodError)
  expect(() => lines('{"id":1,"method":"ping"}\n'.repeat(101))).toThrow(FloodError)
  expect(() => inbox().read(`[${'{"id":1,"result":0},'.repeat(2001)}0]`)).toThrow(FloodError)
})
