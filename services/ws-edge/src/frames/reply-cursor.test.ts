import { expect, test } from 'vitest'
import type { FrameHead } from '@omni2/contracts'
import { judgeFrame } from './reply-cursor.ts'

const cursor = { attempt: 2, seq: 5 }
const session_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'

test.each<[string, Partial<FrameHead>, ReturnType<typeof judgeFrame>]>([
  ['the next frame', { from: 6, seq: 6 }, 'forward'],
  ['the next ones merged', { from: 6, seq: 9 }, 'forward'],
  ['a frame that came', { from: 5, seq: 5 }, 'drop'],
  ['one after a hole', { from: 7, seq: 7 }, 'gap'],
  ['one that overlaps', { from: 5, seq: 6 }, 'gap'],
  ['a lower attempt', { attempt: 1, from: 6, seq: 6 }, 'drop'],
  ['the end of a lower attempt', { type: 'done', attempt: 1, from: 9, seq: 9 }, 'drop'],
  ['the beginning of the next attempt', { type: 'restart', attempt: 3, from: 1, seq: 1 }, 'forward'],
  ['the middle of the next attempt', { attempt: 3, from: 2, seq: 2 }, 'gap'],
  ['an end after a hole', { type: 'done', from: 9, seq: 9 }, 'forward'],
  ['an end of a later attempt', { type: 'error', attempt: 4, from: 1, seq: 1 }, 'forward'],
  ['a snapshot with more', { type: 'snapshot', from: 9, seq: 9 }, 'forward'],
  ['a snapshot without more', { type: 'snapshot', from: 5, seq: 5 }, 'drop'],
  ['a snapshot of the next attempt', { type: 'snapshot', attempt: 3, from: 0, seq: 0 }, 'forward'],
])('%s', (_what, fields, verdict) => {
  const head: FrameHead = { type: 'token', session_id, attempt: 2, from: 0, seq: 0, ...fields }
  expect(judgeFrame(head, cursor)).toBe(verdict)
})
