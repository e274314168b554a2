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
  expect(measureTakeovers(record)).toEqual([{ ms: 1600, isHindered: false }])
})

test.each([
  ['kill chat-worker-2', 500, true],
  ['freeze nats-server', 1500, true],
  ['freeze postgres', 3000, false],
  ['kill ws-edge-1', 500, false],
  ['kill chat-worker-2', -9000, false],
])('a takeover beside %s at %d - counts as hindered: %s', (what, at, isHindered) => {
  const faults = [
    { at, what },
    { at: 1000, what: 'kill chat-worker-1' },
  ].toSorted((a, b) => a.at - b.at)
  const connections = [see(seen(900, 'token', 1), seen(2600, 'restart', 2))]
  expect(measureTakeovers({ faults, connections })).toEqual([{ ms: 1600, isHindered }])
})

test('the lines - say how many there were and how long they took', () => {
  expect(describeTakeovers([])).toBe('no turn of a killed worker was taken over before a reader')
  const takeovers = Array.from({ length: 100 }, (_, index) => ({
    ms: (index + 1) * 100,
    isHindered: index >= 20,
  }))
  expect(describeTakeovers(takeovers)).toBe(
    '100 turns of killed workers went on elsewhere, after 5.0 s (p50), 9.9 s (p99)\n' +
      '20 of them while all other workers and servers lived, after 1.0 s (p50), 2.0 s (p99)',
  )
  expect(describeTakeovers([{ ms: 1000, isHindered: true }])).toMatch(/\n0 of them while[^,]*$/)
})
