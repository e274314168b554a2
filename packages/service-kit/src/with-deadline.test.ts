import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { DeadlineError, withDeadline } from './with-deadline.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = new Promise<never>(() => {})
const ms = 1000

test('work in time - its value or error, and no timer is left', async () => {
  const failed = new Error('refused')
  expect(await withDeadline(Promise.resolve('done'), { ms })).toBe('done')
  await expect(withDeadline(Promise.reject(failed), { ms })).rejects.toBe(failed)
  expect(vi.getTimerCount()).toBe(0)
})

test('late work - rejects with DeadlineError at the deadline, not before', async () => {
  const settled = vi.fn<(error: unknown) => void>()
  const waiting = withDeadline(never, { ms }).catch(settled)
  await vi.advanceTimersByTimeAsync(ms - 1)
  expect(settled).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  await waiting
  expect(settled.mock.calls).toEqual([[new DeadlineError(ms)]])
})

test('late work - its own value, awaited, or its own error', async () => {
  const answered = withDeadline(never, { ms, late: async () => 'too late' })
  const refused = withDeadline(never, {
    ms,
    late: () => {
      throw new TypeError('no answer')
    },
  }).catch((error: unknown) => error)
  await vi.advanceTimersByTimeAsync(ms)
  expect(await answered).toBe('too late')
  expect(await refused).toEqual(new TypeError('no answer'))
})

test('late work - that fails afterwards disturbs nothing', async () => {
  const work = Promise.withResolvers<string>()
  const waiting = withDeadline(work.promise, { ms, late: () => 'too late' })
  await vi.advanceTimersByTimeAsync(ms)
  work.reject(new Error('failed in the end'))
  expect(await waiting).toBe('too late')
})

test('signal - ends the wait with its reason, before it began too; no timer and no listener is left', async () => {
  const stopping = new AbortController()
  const { signal } = stopping
  const reason = new Error('stopping')
  expect(await withDeadline(Promise.resolve('done'), { ms, signal })).toBe('done')
  const waiting = withDeadline(never, { ms, signal })
  stopping.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  await expect(withDeadline(Promise.resolve('done'), { ms, signal })).rejects.toBe(reason)
  expect([vi.getTimerCount(), getEventListeners(signal, 'abort')]).toEqual([0, []])
})
