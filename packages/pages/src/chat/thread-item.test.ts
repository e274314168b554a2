import type { SpokenTurn } from '@omni2/client'
import type { Exchange } from '@omni2/react'
import { expect, test } from 'vitest'
import { makeThread } from './thread-item.ts'

const turn = (session_id: string, more: Partial<SpokenTurn> = {}): SpokenTurn => ({
  session_id,
  client_msg_id: null,
  replaces: null,
  source: 'ws',
  status: 'done',
  attempt: 1,
  user_text: `q ${session_id}`,
  answer: `a ${session_id}`,
  error_code: null,
  error: null,
  model: 'm',
  tokens_input: 1,
  tokens_output: 2,
  cost_usd: 0.1,
  duration_ms: 10,
  created_at: '',
  ended_at: '',
  tools: [],
  ...more,
})

const exchange = (key: string, more: Partial<Exchange> = {}): Exchange => ({
  key,
  turnId: undefined,
  question: `q ${key}`,
  replaces: undefined,
  text: '',
  state: 'running',
  tools: [],
  warnings: [],
  notice: undefined,
  error: undefined,
  result: undefined,
  ...more,
})

const textsOf = (items: ReturnType<typeof makeThread>) =>
  items.map(({ question, text }) => `${question}: ${text}`)

test('a turn that is in both lists stands once, as the connection shows it', () => {
  const thread = makeThread(
    [turn('1'), turn('2', { status: 'running', answer: null })],
    [exchange('k', { turnId: '2', text: 'half' }), exchange('next')],
  )
  expect(textsOf(thread)).toEqual(['q 1: a 1', 'q k: half', 'q next: '])
  expect(thread.map(({ state }) => state)).toEqual(['done', 'running', 'running'])
})

test('a question keeps its key while it is accepted and becomes an earlier turn', () => {
  const keyOf = (...lists: Parameters<typeof makeThread>) => makeThread(...lists).map(({ key }) => key)
  const sent = exchange('k', { state: 'sending' })
  const accepted = { ...sent, turnId: '1', state: 'running' } as const
  expect(keyOf([], [sent])).toEqual(['k'])
  expect(keyOf([], [accepted])).toEqual(['k'])
  expect(keyOf([turn('1')], [accepted])).toEqual(['k'])
})

test('an edit stands in the place of its turn; what followed is gone, earlier versions are kept', () => {
  const thread = makeThread(
    [turn('1'), turn('2'), turn('3'), turn('4', { replaces: '2' })],
    [exchange('5', { turnId: '5', replaces: '4' })],
  )
  expect(textsOf(thread)).toEqual(['q 1: a 1', 'q 5: '])
  expect(thread[1]?.versions.map(({ turnId }) => turnId)).toEqual(['2', '4'])
})

test('an edit of a version that is replaced already stands in the same place', () => {
  const thread = makeThread([turn('1'), turn('2', { replaces: '1' }), turn('3', { replaces: '1' })], [])
  expect(thread.map(({ turnId }) => turnId)).toEqual(['3'])
  expect(thread[0]?.versions.map(({ turnId }) => turnId)).toEqual(['1', '2'])
})

test('an edit of a turn that is not loaded stands where it was said', () => {
  expect(textsOf(makeThread([turn('9', { replaces: '1' })], []))).toEqual(['q 9: a 9'])
})

test('a failed turn says why', () => {
  const [item] = makeThread([turn('1', { status: 'blocked', answer: null, error: 'No.' })], [])
  expect(item).toMatchObject({ state: 'failed', failure: 'No.', text: '' })
})

test('tools of an earlier turn - shown as those that run, one without a result as stopped', () => {
  const called = { name: 'demo.echo', input: { a: 1 } }
  const tools = [
    { ...called, call_id: 'one', status: 'ok', duration_ms: 7 },
    { ...called, call_id: 'two', status: null, duration_ms: null },
  ] as const
  expect(makeThread([turn('a', { tools })], [])[0]?.tools).toEqual([
    { ...called, callId: 'one', status: 'ok', durationMs: 7 },
    { ...called, callId: 'two', status: 'cancelled', durationMs: undefined },
  ])
})
