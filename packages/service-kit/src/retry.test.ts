import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { retry } from './retry.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Work that fails so often, each time with its number. */
const makeWork = (failures: number) => {
  let tried = 0
  return vi.fn<() => Promise<string>>(async () => {
    tried += 1
    if (tried <= failures) throw new Error(`failure ${tried}`)
    return 'done'
  })
}

test('work that succeeds - is done once, without a pause', async () => {
  const work = makeWork(0)
  expect(await retry(work, { pauseMs: 100 })).toBe('done')
  expect([work.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0])
})

test('work that fails - is done again after each pause, and not before', async () => {
  const work = makeWork(2)
  const onFailure = vi.fn<(error: unknown, tried: number) => void>()
  const doing = retry(work, { pauseMs: (tried) => 100 * tried, onFailure })
  await vi.advanceTimersByTimeAsync(99)
  expect(work).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(work).toHaveBeenCalledTimes(2)
  await vi.advanceTimersByTimeAsync(199)
  expect(work).toHaveBeenCalledTimes(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(await doing).toBe('done')
  expect(onFailure.mock.calls).toEqual([
    [new Error('failure 1'), 1],
    [new Error('failure 2'), 2],
  ])
})

test('last try - throws what it failed of, and no pause follows', async () => {
  const work = makeWork(Infinity)
  const onFailure = vi.fn<(error: unknown, tried: number) => void>()
  const doing = retry(work, { tries: 2, pauseMs: 100, onFailure }).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(100)
  expect(await doing).toEqual(new Error('failure 2'))
  expect([onFailure.mock.calls.length, vi.getTimerCount()]).toEqual([2, 0])
})

test('an error that does not pass - is thrown at once and not reported', async () => {
  const work = makeWork(Infinity)
  const onFailure = vi.fn<(error: unknown, tried: number) => void>()
  const mayPass = (error: unknown) => error instanceof TypeError
  await expect(retry(work, { pauseMs: 100, mayPass, onFailure })).rejects.toThrow('failure 1')
  expect([work.mock.calls.length, onFailure.mock.calls.length]).toEqual([1, 0])
})

test('a pause of nothing - sets no timer', async () => {
  expect(await retry(makeWork(3), { pauseMs: 0 })).toBe('done')
})

test('signal - ends a pause with the last error; no timer and no listener is left', async () => {
  const stopping = new AbortController()
  const { signal } = stopping
  const work = makeWork(Infinity)
  const doing = retry(work, { pauseMs: 100, signal }).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(50)
  stopping.abort()
  expect(await doing).toEqual(new Error('failure 1'))
  expect([work.mock.calls.length, vi.getTimerCount(), getEventListeners(signal, 'abort')]).toEqual([1, 0, []])
})

test('signal that has aborted - still lets one try be made', async () => {
  const signal = AbortSignal.abort()
  expect(await retry(makeWork(0), { pauseMs: 100, signal })).toBe('done')
  await expect(retry(makeWork(1), { pauseMs: 100, signal })).rejects.toThrow('failure 1')
})
