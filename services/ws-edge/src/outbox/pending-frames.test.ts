import { encodeTurnFrame, readFrameHead, type FrameHead } from '@omni2/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PendingFrames } from './pending-frames.ts'

const session_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'

function makeFrame(seq: number, fields: Partial<FrameHead> & { text?: string } = {}) {
  const { text = 'x', ...head } = fields
  const bytes = encodeTurnFrame({ type: 'token', session_id, attempt: 1, from: seq, seq, ...head }, { text })
  return { bytes, head: readFrameHead(bytes) }
}

function takeAll(pending: PendingFrames) {
  const frames: { type: string; from: number; seq: number; text: string }[] = []
  for (let frame = pending.shift(); frame; frame = pending.shift())
    frames.push(JSON.parse(new TextDecoder().decode(frame.bytes)))
  return frames
}

test('merges any run of tokens without losing or reordering text', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (texts) => {
      const pending = new PendingFrames()
      texts.forEach((text, index) => pending.push(makeFrame(index + 1, { text })))
      const frames = takeAll(pending)
      expect(frames.map(({ text }) => text).join('')).toBe(texts.join(''))
      expect(frames.map(({ from }) => from)).toEqual([1, ...frames.slice(0, -1).map(({ seq }) => seq + 1)])
      expect(frames.at(-1)?.seq).toBe(texts.length)
    }),
  )
})

test('thousands of small tokens become few frames, none of them large', () => {
  const pending = new PendingFrames()
  for (let seq = 1; seq <= 20_000; seq += 1) pending.push(makeFrame(seq, { text: 'word ' }))
  expect(pending.size).toBeLessThan(20)
  for (let frame = pending.shift(); frame; frame = pending.shift())
    expect(frame.bytes.length).toBeLessThanOrEqual(32 * 1024)
})

test.each<[string, Partial<FrameHead>]>([
  ['of another turn', { session_id: '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e12' }],
  ['of another attempt', { attempt: 2 }],
  ['after a gap', { from: 3, seq: 3 }],
  ['that are no tokens', { type: 'warning' }],
])('keeps frames apart %s', (_what, fields) => {
  const pending = new PendingFrames()
  pending.push(makeFrame(1))
  pending.push(makeFrame(2, fields))
  expect(pending.size).toBe(2)
})

test('counts the bytes that wait', () => {
  const pending = new PendingFrames()
  const frames = [makeFrame(1, { type: 'started' }), makeFrame(2), makeFrame(3)]
  for (const frame of frames) pending.push(frame)
  const bytes = pending.bytes
  let taken = 0
  for (let frame = pending.shift(); frame; frame = pending.shift()) taken += frame.bytes.length
  expect([taken, pending.bytes]).toEqual([bytes, 0])
})
