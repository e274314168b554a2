import { expect, test } from 'vitest'
import { formatCostLine } from './format-cost-line.ts'

const result = {
  answer: 'Hi',
  model: 'a-model',
  stop_reason: 'end_turn',
  iterations: 1,
  tool_calls: 0,
  tools_used: [],
  tokens_input: 120,
  tokens_output: 30,
  tokens_cached: 0,
  cost_usd: 0.00081,
  duration_ms: 1420,
  first_token_ms: 210,
  queue_ms: 1,
}

test('a cost line has tokens, money and time', () => {
  expect(formatCostLine(result)).toBe(
    '120 tokens in, 30 out · $0.00081000 · 1.42 s, first token after 0.21 s · a-model',
  )
})

test('it shows what was cached, estimated and cancelled, and leaves out a first token that never came', () => {
  const odd = { tokens_cached: 100, estimated: true, stop_reason: 'cancelled', first_token_ms: null }
  expect(formatCostLine({ ...result, ...odd })).toBe(
    'cancelled · 120 tokens in (100 cached), 30 out (estimated) · $0.00081000 · 1.42 s · a-model',
  )
})
