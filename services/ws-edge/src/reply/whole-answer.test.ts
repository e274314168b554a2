import { encodeTurnFrame, type ServerFrameType } from '@omni2/contracts'
import { expect, test } from 'vitest'
import type { ReplyCursor } from '../frames/reply-cursor.ts'
import { WholeAnswer } from './whole-answer.ts'

const session_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'

type Sent = [type: ServerFrameType, attempt: number, seq: number, text?: string]

/** What a client that has the frames up to `cursor` is sent for these. */
function sendAll(frames: Sent[], cursor?: ReplyCursor): string[] {
  const sent: string[] = []
  const sink = {
    ended: new AbortController().signal,
    send: (bytes: Uint8Array) => void sent.push(describe(bytes)),
  }
  const whole = new WholeAnswer(sink, cursor)
  for (const [type, attempt, seq, text] of frames) {
    const head = { type, session_id, attempt, from: seq, seq }
    const isEnd = ['done', 'cancelled', 'error', 'blocked'].includes(type)
    const body = text === undefined ? {} : isEnd ? { result: { answer: text } } : { text }
    whole.send(encodeTurnFrame(head, body), head)
  }
  return sent
}

function describe(bytes: Uint8Array): string {
  const frame: Partial<Record<string, string>> = JSON.parse(Buffer.from(bytes).toString())
  const { type, attempt, seq, text } = frame
  return [type, `${attempt}:${seq}`, ...(type === 'snapshot' ? [text] : [])].join(' ')
}

test.each<[string, Sent[], string[]]>([
  [
    'the next frame',
    [
      ['token', 1, 1, 'a'],
      ['done', 1, 2, 'a'],
    ],
    ['token 1:1', 'done 1:2'],
  ],
  [
    'behind a gap',
    [
      ['token', 1, 1, 'a'],
      ['done', 1, 4, 'abc'],
    ],
    ['token 1:1', 'snapshot 1:3 abc', 'done 1:4'],
  ],
  [
    'after a snapshot',
    [
      ['snapshot', 1, 7, 'ab'],
      ['done', 1, 8, 'ab'],
    ],
    ['snapshot 1:7 ab', 'done 1:8'],
  ],
  ['all that came', [['error', 1, 5, 'half']], ['snapshot 1:4 half', 'error 1:5']],
  ['without an answer, with nothing shown', [['error', 1, 1]], ['error 1:1']],
  [
    'without an answer, with only `started` shown',
    [
      ['started', 1, 1],
      ['done', 1, 3, ''],
    ],
    ['started 1:1', 'snapshot 1:2 ', 'done 1:3'],
  ],
  ['of a later attempt that said nothing', [['cancelled', 2, 1, '']], ['snapshot 2:0 ', 'cancelled 2:1']],
  ['made by a sweep', [['error', 1, 1_000_000]], ['snapshot 1:999999 ', 'error 1:1000000']],
  [
    'of an attempt whose restart was lost',
    [
      ['token', 1, 1, 'old'],
      ['cancelled', 2, 3, 'new'],
    ],
    ['token 1:1', 'snapshot 2:2 new', 'cancelled 2:3'],
  ],
  [
    'of an attempt that said nothing, first of its frames',
    [
      ['token', 1, 1, 'old'],
      ['error', 2, 1],
    ],
    ['token 1:1', 'snapshot 2:0 ', 'error 2:1'],
  ],
  [
    'after a restart',
    [
      ['token', 1, 1, 'old'],
      ['restart', 2, 1],
      ['done', 2, 3, ''],
    ],
    ['token 1:1', 'restart 2:1', 'snapshot 2:2 ', 'done 2:3'],
  ],
])('an end - %s', (_name, frames, expected) => {
  expect(sendAll(frames)).toEqual(expected)
})

test.each<[string, ReplyCursor, string[]]>([
  ['right before the end', { attempt: 1, seq: 4 }, ['done 1:5']],
  ['before more than the end', { attempt: 1, seq: 3 }, ['snapshot 1:4 abc', 'done 1:5']],
  ['at the end', { attempt: 1, seq: 5 }, ['done 1:5']],
  ['at the beginning', { attempt: 0, seq: 0 }, ['snapshot 1:4 abc', 'done 1:5']],
])('a client that stands %s', (_name, cursor, expected) => {
  expect(sendAll([['done', 1, 5, 'abc']], cursor)).toEqual(expected)
})
