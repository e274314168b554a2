import type { TurnResult } from '@omni2/contracts'

export const turnId = '22222222-2222-4222-8222-222222222222'

/** A frame of the turn, one that stands for itself. */
export const turnFrame = (type: string, [attempt, seq]: [number, number], body: object = {}) => ({
  type,
  session_id: turnId,
  attempt,
  from: seq,
  seq,
  ...body,
})

export const accepted = (client_msg_id: unknown) => turnFrame('accepted', [0, 0], { client_msg_id })
export const token = (at: [number, number], text: string) => turnFrame('token', at, { text })

export const makeResult = (answer: string, fields: Partial<TurnResult> = {}): TurnResult => ({
  answer,
  model: 'simulated',
  stop_reason: 'end_turn',
  iterations: 1,
  tool_calls: 0,
  tools_used: [],
  tokens_input: 12,
  tokens_output: 3,
  tokens_cached: 0,
  cost_usd: 0.000081,
  duration_ms: 40,
  first_token_ms: 9,
  queue_ms: 1,
  ...fields,
})

export const done = (at: [number, number], answer: string) =>
  turnFrame('done', at, { result: makeResult(answer) })
