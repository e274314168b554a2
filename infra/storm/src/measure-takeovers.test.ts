import { expect, test } from 'vitest'
import { describeTakeovers, measureTakeovers } from './measure-takeovers.ts'

const seen = (at: number, type: string, attempt: number) => ({
  at,
  frame: { type, session_id: 'turn', attempt, seq: 1 },
})
const see = (...frames: ReturnType<typeof seen>[]) => ({
  client: 'c',
  user_id: 1,
  kind: 'ws' as const,
  frames,
})

test('a turn of a killed worker - takes from the kill to the first frame of the next attempt', () => {
  const record = {
    faults: [
      { at: 500, what: 'kill ws-edge-1' },
      { at: 1000, what: 'kill chat-worker-1' },
    ],
    connections: [
      see(seen(900, 'token', 1), seen(2600, 'restart', 2), seen(2700, 'token', 2)),
      // Never saw the attempt before.
      see(seen(2600, 'restart', 2)),
      // Went on before any worker was killed.
      see(seen(900, 'token', 1), seen(950, 'restart', 2)),
    ],
  }
  expect(measureTakeovers(record)).toEqual([1600])
})

test('the line - says how many there were and how long they took', () => {
  expect(describeTakeovers([])).toBe('no turn of a killed worker was taken over before a reader')
  expect(describeTakeovers(Array.from({ length: 100 }, (_, index) => (index + 1) * 100))).toBe(
    '100 turns of killed workers went on elsewhere, after 5.0 s (p50), 9.9 s (p99)',
  )
})
