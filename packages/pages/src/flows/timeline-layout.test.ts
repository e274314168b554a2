import { expect, test } from 'vitest'
import type { FlowDetails, FlowEvent } from './flow.ts'
import { chooseTicks, layOutTimeline, zoomTo } from './timeline-layout.ts'

const begin = Date.parse('2026-11-20T10:00:00.000Z')
const at = (ms: number) => new Date(begin + ms).toISOString()

const event = (
  attempt: number,
  ordinal: number,
  event_type: FlowEvent['event_type'],
  ms: number,
  more: Partial<FlowEvent> = {},
): FlowEvent => ({
  attempt,
  ordinal,
  event_type,
  outcome: 'passed',
  at: at(ms),
  recorded_at: at(ms + 20),
  data: {},
  ...more,
})

const turn = (more: Partial<FlowDetails>): FlowDetails => ({
  session_id: 's',
  conversation_id: null,
  user_id: 1,
  username: 'ada',
  source: 'ws',
  status: 'done',
  attempt: 1,
  model: 'm',
  tokens_input: 1,
  tokens_output: 1,
  cost_usd: 0,
  error_code: null,
  created_at: at(0),
  started_at: at(10),
  ended_at: at(1000),
  claimed_by: 'worker-1',
  cancel_requested_at: null,
  error: null,
  user_text: 'q',
  answer: 'a',
  tokens_cache_read: 0,
  tokens_cache_write: 0,
  estimated: false,
  tokens_abandoned: 0,
  cost_abandoned_usd: 0,
  events: [],
  ...more,
})

const list = (details: FlowDetails, now: number, isView: boolean) =>
  layOutTimeline(details, now)
    .rows.filter(({ kind }) => (kind === 'view') === isView)
    .map(({ label, from, to, outcome, isOpen }) => `${label} ${from}-${to} ${isOpen ? 'open' : outcome}`)

const show = (details: FlowDetails, now = begin + 5000) => list(details, now, false)
/** What a viewer saw. */
const view = (details: FlowDetails, now = begin + 5000) => list(details, now, true)

test('a turn with a tool - queue, checks one after another, rounds, tool, settled', () => {
  const events = [
    event(0, 0, 'accepted', 0),
    event(1, 1, 'auth_check', 20),
    event(1, 2, 'usage_check', 30),
    event(1, 3, 'llm_thinking', 40),
    event(1, 4, 'tool_call', 300, { data: { call_id: 'c', mcp: 'files', tool: 'read' } }),
    event(1, 5, 'tool_result', 500, { data: { call_id: 'c' } }),
    event(1, 6, 'llm_thinking', 510),
    event(1, 7, 'llm_complete', 990),
  ]
  expect(show(turn({ events }))).toEqual([
    'Waiting in the queue 0-10 passed',
    'Checks 10-30 passed',
    'Account and login 10-20 passed',
    'Limits 20-30 passed',
    'Model, round 1 40-300 passed',
    'files.read 300-500 passed',
    'Model, round 2 510-990 passed',
    'Settled 990-1000 passed',
    'Recorded 1000-1010 passed',
  ])
})

test('a refused turn - the check that refused it is marked, and so are the checks', () => {
  const events = [
    event(1, 1, 'auth_check', 20),
    event(1, 2, 'block_check', 30, { outcome: 'refused' }),
    event(1, 3, 'error', 35, { outcome: 'failed' }),
  ]
  expect(show(turn({ status: 'blocked', events, ended_at: at(40) }))).toEqual([
    'Waiting in the queue 0-10 passed',
    'Checks 10-30 refused',
    'Account and login 10-20 passed',
    'Block 20-30 refused',
    'Ended 35-40 failed',
    'Recorded 40-55 passed',
  ])
})

test('a takeover - the dead attempt is superseded, the next one waits from its last sign of life', () => {
  const events = [
    event(1, 1, 'auth_check', 20),
    event(1, 2, 'llm_thinking', 40),
    event(2, 1, 'auth_check', 720),
    event(2, 2, 'llm_thinking', 730),
    event(2, 3, 'llm_complete', 990),
  ]
  const details = turn({ attempt: 2, events, started_at: at(700) })
  expect(layOutTimeline(details, 0).takeovers).toEqual([{ at: 700, attempt: 2 }])
  expect(show(details)).toEqual([
    'Waiting in the queue 0-20 passed',
    'Checks 20-20 superseded',
    'Account and login 20-20 superseded',
    'Model, round 1 40-40 superseded',
    'Until it was taken over 40-700 passed',
    'Checks 700-720 passed',
    'Account and login 700-720 passed',
    'Model, round 1 730-990 passed',
    'Settled 990-1000 passed',
    'Recorded 1000-1010 passed',
  ])
})

test('a running turn - what is open ends now', () => {
  const events = [event(1, 1, 'auth_check', 20), event(1, 2, 'llm_thinking', 40)]
  const { rows, length } = layOutTimeline(turn({ status: 'running', ended_at: null, events }), begin + 700)
  expect(length).toBe(700)
  expect(rows.at(-1)).toMatchObject({ label: 'Model, round 1', from: 40, to: 700, isOpen: true })
})

test('a viewer - sees nothing, then the answer; and why there is none', () => {
  const done = event(1, 3, 'llm_complete', 990, { data: { first_token_ms: 290 } })
  expect(view(turn({ events: [event(1, 2, 'llm_thinking', 40), done] }))).toEqual([
    'Seen by a viewer 0-1000 passed',
    'Waits 0-300 passed',
    'Answer 300-1000 passed',
  ])
  const failed = turn({ status: 'blocked', error: 'Blocked.', events: [event(1, 1, 'auth_check', 20)] })
  expect(view(failed)).toEqual([
    'Seen by a viewer 0-1000 passed',
    'Waits 0-1000 passed',
    'Why there is no answer 1000-1000 failed',
  ])
})

test('a viewer of a turn that was taken over - sees text go and come again', () => {
  const events = [
    event(1, 2, 'llm_thinking', 40),
    event(2, 2, 'llm_thinking', 730),
    event(2, 3, 'llm_complete', 990, { data: { first_token_ms: 100 } }),
  ]
  expect(view(turn({ attempt: 2, events, started_at: at(700) }))).toEqual([
    'Seen by a viewer 0-1000 passed',
    'Waits 0-40 passed',
    'Text of attempt 1, taken back 40-700 superseded',
    'Waits again 700-800 passed',
    'Answer 800-1000 passed',
  ])
})

test('a viewer of a running turn - waits until the model is asked, then sees text as it comes', () => {
  const running = { status: 'running', ended_at: null } as const
  const now = begin + 700
  expect(view(turn({ ...running, events: [event(1, 1, 'auth_check', 20)] }), now)).toEqual([
    'Seen by a viewer 0-700 passed',
    'Waits 0-700 open',
  ])
  expect(view(turn({ ...running, events: [event(1, 2, 'llm_thinking', 40)] }), now)).toEqual([
    'Seen by a viewer 0-700 passed',
    'Waits 0-40 passed',
    'Text as it comes 40-700 open',
  ])
})

test('a turn without any checkpoint waits', () => {
  const details = turn({ status: 'queued', started_at: null, ended_at: null })
  expect(show(details, begin + 300)).toEqual(['Waiting in the queue 0-300 open'])
})

test.each([1, 37, 950, 12_000, 3_600_000])('an axis of %i ms has a few round marks', (length) => {
  const ticks = chooseTicks(length)
  expect(ticks.length).toBeGreaterThanOrEqual(3)
  expect(ticks.length).toBeLessThanOrEqual(7)
  expect(ticks.at(-1)).toBeLessThanOrEqual(length)
})

test.each([
  [
    { from: 100, to: 200 },
    { from: 50, to: 250 },
  ],
  [
    { from: 0, to: 100 },
    { from: 0, to: 150 },
  ],
  [
    { from: 900, to: 1000 },
    { from: 850, to: 1000 },
  ],
  [
    { from: 500, to: 500 },
    { from: 499, to: 503 },
  ],
])('%j is zoomed to %j', (row, shown) => {
  expect(zoomTo(row, 1000)).toEqual(shown)
})
