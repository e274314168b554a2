import { encodeTurnFrame, mergeTokens } from '@omni2/contracts'
import { expect, test } from 'vitest'
import { encodeFrame, makeTurnFrame } from '../frames/make-frame.ts'
import { encodeFrameEvent } from './encode-event.ts'

const session_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'
const read = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
const token = (seq: number, text: string) =>
  encodeTurnFrame({ type: 'token', session_id, attempt: 2, from: seq, seq }, { text })

test('a frame is one event with its name, its cursor and its own bytes', () => {
  const frame = token(7, 'Grüße\n\r\n\u2028 data: x')
  expect(read(encodeFrameEvent(frame))).toBe(`event: token\nid: ${session_id}:2:7\ndata: ${read(frame)}\n\n`)
})

test('a merged frame has the cursor of its last part', () => {
  const event = read(encodeFrameEvent(mergeTokens(token(7, 'a'), token(8, 'b'))))
  expect(event).toContain(`\nid: ${session_id}:2:8\n`)
})

test('nothing but `accepted` of the frames of the edge moves the cursor', () => {
  expect(read(encodeFrameEvent(makeTurnFrame('accepted', session_id)))).toContain(`\nid: ${session_id}:0:0\n`)
  expect(read(encodeFrameEvent(makeTurnFrame('waiting', session_id)))).not.toContain('\nid:')
})

test('an end outside any attempt has a cursor', () => {
  const head = { type: 'error', session_id, attempt: 0, from: 1_000_000, seq: 1_000_000 } as const
  expect(read(encodeFrameEvent(encodeTurnFrame(head)))).toContain(`\nid: ${session_id}:0:1000000\n`)
})

test('a frame that belongs to no turn has a name only', () => {
  const goodbye = encodeFrame({ type: 'goodbye', code: 1012, resume: true, retry_after_ms: 1 })
  expect(read(encodeFrameEvent(goodbye))).toBe(`event: goodbye\ndata: ${read(goodbye)}\n\n`)
})

test('an error comes under a second name first, which does not move the cursor', () => {
  const head = { type: 'error', session_id, attempt: 1, from: 3, seq: 3 } as const
  const frame = encodeTurnFrame(head, { code: 'internal', error: 'No.' })
  expect(read(encodeFrameEvent(frame))).toBe(
    `event: turn_error\ndata: ${read(frame)}\n\nevent: error\nid: ${session_id}:1:3\ndata: ${read(frame)}\n\n`,
  )
})
