import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeTurnFrame, mergeTokens, readFrameHead, type FrameHead } from './frame-head.ts'

const head: FrameHead = {
  type: 'token',
  session_id: '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11',
  attempt: 2,
  from: 7,
  seq: 7,
}

const decode = (frame: Uint8Array): Record<string, unknown> => JSON.parse(new TextDecoder().decode(frame))

test('reads back the head it wrote, whatever follows it', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.nat(), (text, attempt, seq) => {
      const frame = encodeTurnFrame({ ...head, attempt, from: seq, seq }, { extra: '"seq":9}', text })
      expect(readFrameHead(frame)).toEqual({ ...head, attempt, from: seq, seq })
    }),
  )
})

test('merges neighbouring token frames into one with the text of both', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, two) => {
      const merged = mergeTokens(
        encodeTurnFrame(head, { text: one }),
        encodeTurnFrame({ ...head, from: 8, seq: 8 }, { text: two }),
      )
      expect(decode(merged)).toEqual({ ...head, from: 7, seq: 8, text: one + two })
    }),
  )
})

test('has no head for a frame of other making', () => {
  for (const text of ['', '{}', '{"type":"pong"}', '{"session_id":"x","type":"token"}'])
    expect(readFrameHead(new TextEncoder().encode(text))).toBeUndefined()
})
