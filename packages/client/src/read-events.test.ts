import { expect, test } from 'vitest'
import { readEvents } from './read-events.ts'

async function read(pieces: readonly Uint8Array[]): Promise<string[]> {
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })
  const events: string[] = []
  for await (const data of readEvents(body, { quietMs: 1000 })) events.push(data)
  return events
}

const text =
  ': hello\n\nevent: token\nid: 1\ndata: {"a":1}\n\ndata:two\r\ndata:  lines €\r\n\r\nid: 3\r\r\ndata: cr\r\rdata: cut'
const expected = ['{"a":1}', 'two\n lines €', 'cr']

test('events are read however the bytes are cut', async () => {
  const bytes = new TextEncoder().encode(text)
  expect(await read([bytes])).toEqual(expected)
  expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected)
  for (let cut = 1; cut < bytes.length; cut += 1)
    expect(await read([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(expected)
})

test('silence is an error, and a reader who leaves lets the stream go', async () => {
  const silent = new ReadableStream<Uint8Array>()
  await expect(readEvents(silent, { quietMs: 5 }).next()).rejects.toThrow('the stream fell silent')
  const cancelled = Promise.withResolvers<void>()
  const endless = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode('data: 1\n\n')),
    cancel: () => cancelled.resolve(),
  })
  for await (const data of readEvents(endless, { quietMs: 1000 })) {
    expect(data).toBe('1')
    break
  }
  await cancelled.promise
})
