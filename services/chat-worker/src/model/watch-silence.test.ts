import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SilenceWatch, StreamStalledError } from './watch-silence.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** Milliseconds until a watch of 1000 ms aborts, when `act` is called every 500 ms; at most a minute. */
function measure(act: (watch: SilenceWatch) => void): number {
  using watch = new SilenceWatch(1000, new AbortController().signal)
  let passed = 0
  for (; passed < 60_000 && !watch.signal.aborted; passed += 500) {
    act(watch)
    vi.advanceTimersByTime(500)
  }
  const { reason } = watch.signal
  if (reason !== undefined && !(reason instanceof StreamStalledError)) throw reason
  return passed
}

test('silence aborts after its time, pings alone after ten times that, a reply that goes on never', () => {
  expect(measure(() => {})).toBe(1000)
  expect(measure((watch) => watch.alive())).toBe(10_000)
  expect(measure((watch) => [watch.alive(), watch.progressed()])).toBe(60_000)
})

test('after the stop reason, pings do not delay the end', () => {
  using watch = new SilenceWatch(60_000, new AbortController().signal)
  watch.concluded()
  vi.advanceTimersByTime(4999)
  watch.alive()
  expect(watch.signal.aborted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(watch.signal.aborted).toBe(true)
})

test('aborts with its parent, for its reason, until it is disposed of', () => {
  const parent = new AbortController()
  const watch = new SilenceWatch(1000, parent.signal)
  const other = new SilenceWatch(1000, parent.signal)
  other[Symbol.dispose]()
  parent.abort('stop')
  expect(watch.signal.reason).toBe('stop')
  expect(other.signal.aborted).toBe(false)
  expect(new SilenceWatch(1000, parent.signal).signal.reason).toBe('stop')
})
