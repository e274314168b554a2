import { expect, test } from 'vitest'
import { formatTurn } from './format-turn.ts'

const turn = {
  session_id: '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11',
  conversation_id: null,
  user_id: 4,
  username: 'vera',
  source: 'sse',
  status: 'refused',
  error_code: 'limit_exceeded',
  error: 'The limit is reached.',
  attempt: 1,
  claimed_by: 'worker-1',
  created_at: '2026-11-27T07:00:00.000Z',
  started_at: '2026-11-27T07:00:00.010Z',
  ended_at: '2026-11-27T07:00:00.020Z',
  user_text: 'Hello',
  answer: null,
  model: null,
  tokens_input: null,
  tokens_output: null,
  tokens_cache_read: null,
  tokens_cache_write: null,
  cost_usd: null,
  estimated: false,
  tokens_abandoned: 0,
  cost_abandoned_usd: 0,
  events: [],
}

test('a refused turn - what was measured against what', () => {
  const limits = [
    { kind: 'requests_period', limit: 3, used: 3, remaining: 0, reset_at: '2026-11-28T00:00:00.000Z' },
    { kind: 'cost_daily', limit: null, used: 0.5, remaining: null, reset_at: null },
  ]
  const at = '2026-11-27T07:00:00.015Z'
  const events = [
    { attempt: 0, event_type: 'accepted', outcome: 'passed', at, data: { edge: 'edge-1' } },
    {
      attempt: 1,
      event_type: 'usage_check',
      outcome: 'refused',
      at,
      data: { exhausted: 'requests_period', limits },
    },
  ]
  expect(formatTurn({ ...turn, events })).toEqual([
    'turn      0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11',
    'user      vera (4), sse',
    'status    refused: limit_exceeded: The limit is reached.',
    'attempts  1, the last by worker-1',
    'accepted  2026-11-27T07:00:00.000Z',
    'begun     2026-11-27T07:00:00.010Z',
    'ended     2026-11-27T07:00:00.020Z',
    '',
    '> Hello',
    '',
    'edge',
    '  07:00:00.015  accepted              passed   edge edge-1',
    '',
    'attempt 1',
    '  07:00:00.015  usage_check           refused  exhausted requests_period',
    '                requests_period  3 of 3, 0 left  again at 2026-11-28T00:00:00.000Z',
    '                cost_daily       0.5, no limit',
  ])
})

test('an answered turn - what was said, used and lost', () => {
  const lines = formatTurn({
    ...turn,
    status: 'done',
    error_code: null,
    error: null,
    answer: 'Hi\nthere',
    model: 'm',
    tokens_input: 12,
    tokens_output: 3,
    tokens_cache_read: 4,
    tokens_cache_write: 5,
    cost_usd: 0.0001,
    estimated: true,
    tokens_abandoned: 7,
    cost_abandoned_usd: 0.02,
  })
  expect(lines).toContain('status    done')
  expect(lines).toContain('tokens    12 read (4 from the cache, 5 into it), 3 written')
  expect(lines).toContain(
    'cost      0.0001 USD, estimated, beside 0.02 USD and 7 tokens at most of attempts that died',
  )
  expect(lines.slice(-4)).toEqual(['', 'Hi\nthere', '', 'no checkpoint is recorded (yet)'])
})
