import { ChatError, type Reply, type ReplyEvent } from '@omni2/client'
import { expect, test } from 'vitest'
import { applyEvent, beginExchange } from './follow-reply.ts'

/** An exchange after these events; `texts`: what the reply has at each. */
function follow(events: readonly (ReplyEvent & { readonly says?: string })[]) {
  const reply = { text: '', question: 'q', replaces: undefined, turnId: undefined } as unknown as Reply & {
    text: string
  }
  let exchange = beginExchange('k', reply)
  for (const { says, ...event } of events) {
    if (says !== undefined) reply.text = says
    exchange = applyEvent(exchange, event, reply)
  }
  return exchange
}

const result = { answer: 'ab' } as never

test('a reply with a tool, up to its end', () => {
  const exchange = follow([
    { type: 'accepted', session_id: 's' },
    { type: 'started' },
    { type: 'token', text: 'a', says: 'a' },
    { type: 'tool_call', call_id: 'c', mcp: 'files', tool: 'read', input: { path: 'x' } },
    { type: 'tool_result', call_id: 'c', status: 'ok', duration_ms: 12 },
    { type: 'token', text: 'b', says: 'ab' },
    { type: 'done', result },
  ])
  expect(exchange).toMatchObject({ turnId: 's', text: 'ab', state: 'done', result, question: 'q' })
  expect(exchange.tools).toEqual([
    { callId: 'c', name: 'files.read', input: { path: 'x' }, status: 'ok', durationMs: 12 },
  ])
})

test('another attempt - its tools are those of the new one, and the page says so until the end', () => {
  const restarted = follow([
    { type: 'tool_call', call_id: 'c', mcp: 'm', tool: 't', input: {} },
    { type: 'restart' },
    { type: 'reset', text: '', says: '' },
    { type: 'token', text: 'n', says: 'n' },
  ])
  expect(restarted).toMatchObject({ notice: 'restarted', tools: [], text: 'n', state: 'running' })
})

test('silence is over with the next token', () => {
  expect(follow([{ type: 'waiting' }]).notice).toBe('silent')
  expect(follow([{ type: 'waiting' }, { type: 'token', text: 'a', says: 'a' }]).notice).toBeUndefined()
})

test('a failure keeps what was said', () => {
  const error = new ChatError('interrupted', 'Cut.')
  expect(
    follow([
      { type: 'token', text: 'a', says: 'a' },
      { type: 'error', error },
    ]),
  ).toMatchObject({
    state: 'failed',
    text: 'a',
    error,
  })
})
