import { expect, test } from 'vitest'
import { FrameRate } from './frame-rate.ts'

function makeRate() {
  let now = 0
  const rate = new FrameRate({ perSecond: 10, burst: 3, refusable: 2 }, { now: () => now })
  const takeAll = (count: number) => Array.from({ length: count }, () => rate.take())
  return { rate, takeAll, wait: (ms: number) => (now += ms) }
}

test('allows a burst, refuses the frames after it, then calls it a flood', () => {
  expect(makeRate().takeAll(6)).toEqual(['allowed', 'allowed', 'allowed', 'refused', 'refused', 'flood'])
})

test('says when a frame is allowed again, and keeps its word', () => {
  const { rate, takeAll, wait } = makeRate()
  takeAll(4)
  expect(rate.retryAfterMs).toBe(200)
  wait(rate.retryAfterMs)
  expect(rate.take()).toBe('allowed')
})

test('never saves up more than a burst', () => {
  const { takeAll, wait } = makeRate()
  wait(60_000)
  expect(takeAll(4)).toEqual(['allowed', 'allowed', 'allowed', 'refused'])
})

test('hears a client at the rate for ever', () => {
  const { takeAll, wait } = makeRate()
  for (let frame = 0; frame < 100; frame += 1) {
    expect(takeAll(1)).toEqual(['allowed'])
    wait(100)
  }
})
