import { expect, test } from 'vitest'
import { Slots } from './slots.ts'

test('hands a place that is given back to the longest waiter', async () => {
  const slots = new Slots(1)
  const order: string[] = []
  const first = await slots.take()
  const second = slots.take().then((slot) => (order.push('second'), slot))
  const third = slots.take().then((slot) => (order.push('third'), slot))
  first[Symbol.dispose]()
  ;(await second)[Symbol.dispose]()
  ;(await third)[Symbol.dispose]()
  expect(order).toEqual(['second', 'third'])
  expect(slots.taken).toBe(0)
})

test('gives a place back once, however often it is disposed', async () => {
  const slots = new Slots(2)
  const slot = await slots.take()
  await slots.take()
  slot[Symbol.dispose]()
  slot[Symbol.dispose]()
  expect(slots.taken).toBe(1)
})

test('stops waiting when its signal aborts, without losing a place', async () => {
  const slots = new Slots(1)
  const held = await slots.take()
  const stopping = new AbortController()
  const waiting = slots.take(stopping.signal)
  stopping.abort(new Error('stopping'))
  await expect(waiting).rejects.toThrow('stopping')
  held[Symbol.dispose]()
  expect(slots.taken).toBe(0)
})
