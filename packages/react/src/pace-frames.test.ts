import { expect, test } from 'vitest'
import { paceFrames } from './pace-frames.ts'

/** A page with a frame every 10 ms that takes `drawMs` to draw one; `notices`: when each came. */
function openPage({ drawMs, isVisible = true }: { drawMs: number; isVisible?: boolean }) {
  let now = 0
  const due: { at: number; work: () => void }[] = []
  const later = (work: () => void, ms: number) => void due.push({ at: now + ms, work })
  const notices: number[] = []
  const schedule = paceFrames({
    now: () => now,
    isVisible: () => isVisible,
    onFrame: (draw) => later(draw, 10 - (now % 10)),
    afterFrame: (drawn) => later(drawn, drawMs),
    later,
  })
  const ask = () =>
    schedule(() => {
      notices.push(now)
      // Tokens come all the time.
      ask()
    })
  ask()
  const runUntil = (end: number) => {
    for (;;) {
      due.sort((one, other) => one.at - other.at)
      const [next] = due
      if (!next || next.at > end) return notices
      due.shift()
      now = Math.max(now, next.at)
      next.work()
    }
  }
  return { runUntil }
}

test('a page that draws quickly has a notice in each frame', () => {
  expect(openPage({ drawMs: 1 }).runUntil(50)).toEqual([10, 20, 30, 40, 50])
})

test('a page that draws slowly has as much time to rest again and again', () => {
  const notices = openPage({ drawMs: 25 }).runUntil(1000)
  expect(notices.length).toBeGreaterThan(8)
  expect(notices.length).toBeLessThan(1000 / 75 + 2)
})

test('a hidden page draws no frames, and has a notice now and then', () => {
  expect(openPage({ drawMs: 1, isVisible: false }).runUntil(160)).toEqual([50, 100, 150])
})
