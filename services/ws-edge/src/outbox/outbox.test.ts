import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openMetrics } from '@omni2/telemetry'
import { edgeMetrics } from '../metrics.ts'
import { Outbox } from './outbox.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A socket that writes only when the test asks for it. */
function openOutbox(bounds = { lowBytes: 10, maxBytes: 40, stallMs: 1000 }) {
  const sent: string[] = []
  const writing: { length: number; done: () => void }[] = []
  const onSlow = vi.fn<() => void>()
  const sink = {
    bufferedAmount: 0,
    send: (bytes: Uint8Array, _options: object, done: () => void) => {
      sent.push(new TextDecoder().decode(bytes))
      writing.push({ length: bytes.length, done })
      sink.bufferedAmount += bytes.length
    },
  }
  const { metrics } = openMetrics(edgeMetrics)
  const outbox = new Outbox(sink, bounds, { onWaiting: () => {}, onSlow, metrics })
  const writeOne = () => {
    const written = writing.shift()
    sink.bufferedAmount -= written?.length ?? 0
    written?.done()
  }
  const push = (text: string) => outbox.push(new TextEncoder().encode(text))
  return { outbox, sent, writeOne, push, onSlow }
}

test('hands frames on at once while the socket keeps up', () => {
  const { sent, push } = openOutbox()
  push('one')
  push('two')
  expect(sent).toEqual(['one', 'two'])
})

test('holds frames back above the low water and sends them in order as it falls', () => {
  const { sent, push, writeOne } = openOutbox()
  for (const text of ['0123456789', 'x', 'later', 'last']) push(text)
  expect(sent).toEqual(['0123456789', 'x'])
  writeOne()
  expect(sent).toEqual(['0123456789', 'x', 'later', 'last'])
})

test('gives up once, when too much waits, and sends nothing more', () => {
  const { sent, push, onSlow, writeOne } = openOutbox()
  for (let frame = 0; frame < 10; frame += 1) push('0123456789')
  expect(onSlow).toHaveBeenCalledOnce()
  const before = [...sent]
  writeOne()
  push('more')
  expect(sent).toEqual(before)
})

test('a frame larger than the bound goes out when little waits', () => {
  const { sent, push, onSlow } = openOutbox()
  push('small')
  push('x'.repeat(100))
  expect(sent.length).toBe(2)
  expect(onSlow).not.toHaveBeenCalled()
})

test('gives up when nothing moves for too long', () => {
  const { push, onSlow, writeOne } = openOutbox()
  for (const text of ['0123456789', '0123456789', 'waits', 'waits']) push(text)
  vi.advanceTimersByTime(900)
  writeOne()
  push('0123456789')
  push('waits')
  vi.advanceTimersByTime(900)
  expect(onSlow).not.toHaveBeenCalled()
  vi.advanceTimersByTime(200)
  expect(onSlow).toHaveBeenCalledOnce()
})

test('a socket that has caught up is never given up', () => {
  const { push, onSlow, writeOne } = openOutbox()
  for (const text of ['0123456789', 'x', 'waits']) push(text)
  writeOne()
  vi.advanceTimersByTime(10_000)
  expect(onSlow).not.toHaveBeenCalled()
})

test('flushes what waits for the last frames before a close', () => {
  const { outbox, sent, push } = openOutbox()
  for (const text of ['0123456789', 'x', 'waits']) push(text)
  outbox.flush()
  expect(sent.at(-1)).toBe('waits')
})
