import { expect, test } from 'vitest'
import { judgeFrame, type TurnFrame } from './judge-frame.ts'
import { parseFrame } from './parse-frame.ts'

const session_id = '22222222-2222-4222-8222-222222222222'

const judge = (type: string, [attempt, from, seq]: [number, number, number], cursor: [number, number]) => {
  const frame = parseFrame({ type, session_id, attempt, from, seq, text: '', message: '' })
  return judgeFrame(frame as TurnFrame, { attempt: cursor[0], seq: cursor[1] })
}

test.each([
  ['the next frame', 'token', [1, 4, 4], [1, 3], 'take'],
  ['the next frames, merged', 'token', [1, 4, 9], [1, 3], 'take'],
  ['the first of a turn', 'started', [1, 1, 1], [0, 0], 'take'],
  ['the first of a new attempt', 'restart', [2, 1, 1], [1, 3], 'take'],
  ['what was taken', 'token', [1, 3, 3], [1, 3], 'drop'],
  ['an attempt that is fenced off', 'token', [1, 4, 4], [2, 3], 'drop'],
  ['a snapshot of it', 'snapshot', [1, 9, 9], [2, 3], 'drop'],
  ['a later frame', 'token', [1, 5, 5], [1, 3], 'gap'],
  ['merged frames of which some were taken', 'token', [1, 3, 5], [1, 3], 'gap'],
  ['a new attempt without its beginning', 'token', [2, 2, 2], [1, 3], 'gap'],
  ['a later snapshot', 'snapshot', [1, 9, 9], [1, 3], 'take'],
  ['a snapshot of what is there', 'snapshot', [1, 3, 3], [1, 3], 'drop'],
  ['a frame of the edge itself', 'waiting', [0, 0, 0], [1, 3], 'take'],
  ['an end, wherever it stands', 'blocked', [1, 9, 9], [1, 3], 'take'],
  ['an answer that brings nothing', 'resumed', [1, 3, 3], [1, 3], 'drop'],
] as const)('%s', (_name, type, head, cursor, verdict) => {
  expect(judge(type, [...head], [...cursor])).toBe(verdict)
})
