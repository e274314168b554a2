import type { TurnMessage } from '@omni2/contracts'
import { expect, test } from 'vitest'
import { correctAcceptedAt } from './correct-accepted-at.ts'

const storedAt = new Date('2026-01-01T12:00:00.000Z')
const session_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'

function correct(accepted_at: string, messageId = session_id) {
  const turn = { session_id, accepted_at } as TurnMessage
  const headers = { get: () => messageId } as unknown as Parameters<typeof correctAcceptedAt>[1]['headers']
  const { turn: corrected, edgeAheadMs } = correctAcceptedAt(turn, { time: storedAt, headers })
  return [corrected.accepted_at, edgeAheadMs]
}

test.each(['2026-01-01T11:59:58.000Z', '2026-01-01T12:00:01.000Z'])(
  '%s - of a healthy clock stays',
  (time) => {
    expect(correct(time)).toEqual([time, 0])
  },
)

test.each([
  ['2026-01-01T12:05:00.000Z', 300_000],
  ['2026-01-01T11:55:00.000Z', -300_000],
])('%s - of a clock that is minutes off becomes the time of storage', (time, ahead) => {
  expect(correct(time)).toEqual([storedAt.toISOString(), ahead])
})

test('a turn that is sent again by an operator keeps its time', () => {
  expect(correct('2025-12-31T09:00:00.000Z', 'replay:7')).toEqual(['2025-12-31T09:00:00.000Z', 0])
})
