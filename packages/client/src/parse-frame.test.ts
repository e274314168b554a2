import { expect, test } from 'vitest'
import { serverFrameSchema, serverFrameTypes } from '@omni2/contracts'
import { parseFrame } from './parse-frame.ts'

const id = '22222222-2222-4222-8222-222222222222'
const head = { session_id: id, attempt: 1, from: 1, seq: 1 }
const result = {
  answer: 'a',
  model: 'm',
  stop_reason: 'end_turn',
  iterations: 1,
  tool_calls: 0,
  tools_used: ['files.list'],
  tokens_input: 1,
  tokens_output: 1,
  tokens_cached: 0,
  cost_usd: 0.1,
  duration_ms: 1,
  first_token_ms: null,
  queue_ms: 0,
}

/** One of each frame of the protocol. */
const examples: Readonly<Record<string, object>> = {
  welcome: { protocol: 1, conversation_id: id, text: 'Hi', resume_token: 't', limits: [], edge: 'e' },
  goodbye: { code: 1012, resume: true, retry_after_ms: 5 },
  pong: {},
  accepted: { ...head, client_msg_id: 'm' },
  restart: head,
  started: head,
  warning: { ...head, message: 'w' },
  token: { ...head, text: 't' },
  tool_call: { ...head, mcp: 'm', tool: 't', call_id: 'c', input: {} },
  tool_result: { ...head, call_id: 'c', status: 'ok', duration_ms: 1 },
  waiting: head,
  done: { ...head, result },
  cancelled: { ...head, result },
  resumed: head,
  snapshot: { ...head, text: 't' },
  finished: { ...head, frame: { type: 'done' } },
  unrecoverable: { ...head, reason: 'unknown' },
  error: { error: 'e', code: 'internal', retry_after_ms: 1, result },
  blocked: { ...head, message: 'b' },
}

test('there is an example of every frame of the protocol', () => {
  expect(Object.keys(examples).toSorted()).toEqual([...serverFrameTypes].toSorted())
})

test.each(Object.entries(examples))('%s is read as the contract reads it', (type, body) => {
  const frame = { type, ...body, of_a_later_version: 1 }
  expect(serverFrameSchema.parse(frame)).toEqual(frame)
  expect(parseFrame(JSON.stringify(frame))).toEqual(frame)
})

test.each(Object.entries(examples))('%s is refused without what the contract asks for', (type, body) => {
  for (const field of Object.keys(body)) {
    const frame = { type, ...body, [field]: Symbol.iterator.toString() }
    const changed = { ...frame, [field]: typeof Reflect.get(body, field) === 'string' ? 7 : 'seven' }
    const isOfContract = serverFrameSchema.safeParse(changed).success
    // What is passed on unread is for the reader to judge.
    expect([field, parseFrame(JSON.stringify(changed)) !== undefined]).toEqual([field, isOfContract])
  }
})
