import { expect, test } from 'vitest'
import { Interrupts } from './interrupts.ts'

test('the first press cancels what runs, the next one leaves', () => {
  const interrupts = new Interrupts()
  let cancelled = 0
  {
    using _running = interrupts.during(() => (cancelled += 1))
    interrupts.press()
    expect([cancelled, interrupts.leaving.aborted]).toEqual([1, false])
  }
  interrupts.press()
  expect([cancelled, interrupts.leaving.aborted]).toEqual([1, true])
})

test('a press during the next reply cancels that one', () => {
  const interrupts = new Interrupts()
  let cancelled = 0
  for (let reply = 0; reply < 2; reply += 1) {
    using _running = interrupts.during(() => (cancelled += 1))
    interrupts.press()
  }
  expect([cancelled, interrupts.leaving.aborted]).toEqual([2, false])
})

test('echoes of one signal count once', () => {
  let now = 0
  const interrupts = new Interrupts(() => now)
  using _running = interrupts.during(() => {})
  interrupts.pressOnce()
  now = 900
  interrupts.pressOnce()
  expect(interrupts.leaving.aborted).toBe(false)
  now = 2000
  interrupts.pressOnce()
  expect(interrupts.leaving.aborted).toBe(true)
})
