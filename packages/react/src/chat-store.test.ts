import type { SocketConstructor } from '@omni2/client'
import { expect, test } from 'vitest'
import { ChatStore } from './chat-store.ts'

const conversation_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'
const session_id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e12'

/** A socket whose server welcomes at once; the test sends the rest. */
function makeSocket() {
  const opened: FakeSocket[] = []
  class FakeSocket extends EventTarget {
    readonly sent: { type: string; client_msg_id?: string }[] = []
    readyState = 1
    constructor() {
      super()
      opened.push(this)
      queueMicrotask(() => {
        this.dispatchEvent(new Event('open'))
        this.receive({
          type: 'welcome',
          protocol: 1,
          conversation_id,
          text: 'Hi',
          resume_token: 't',
          limits: [],
          edge: 'e',
        })
      })
    }
    send(text: string) {
      this.sent.push(JSON.parse(text))
    }
    receive(frame: object) {
      this.dispatchEvent(Object.assign(new Event('message'), { data: JSON.stringify(frame) }))
    }
    close() {
      this.dispatchEvent(Object.assign(new Event('close'), { code: 1000, reason: '' }))
    }
  }
  return { WebSocket: FakeSocket as unknown as SocketConstructor, opened }
}

const frame = (type: string, seq: number, body: object = {}) => ({
  type,
  session_id,
  attempt: seq === 0 ? 0 : 1,
  from: seq,
  seq,
  ...body,
})

function openStore() {
  const { WebSocket, opened } = makeSocket()
  const notices: (() => void)[] = []
  const options = { url: 'http://chat.example', WebSocket, ticket: async () => 'ticket' }
  const store = new ChatStore(options, (notify) => void notices.push(notify))
  return { store, opened, notices }
}

test('a conversation - connected, asked, answered; many tokens are one notice', async () => {
  const { store, opened, notices } = openStore()
  let calls = 0
  const leave = store.subscribe(() => (calls += 1))
  const key = await store.send('Hello')
  expect(store.getState()).toMatchObject({
    connection: { type: 'connected' },
    conversationId: conversation_id,
  })
  await expect.poll(() => opened[0]?.sent.at(-1)?.type).toBe('message')
  for (const notify of notices.splice(0)) notify()
  const before = calls
  const [socket] = opened
  socket?.receive(frame('accepted', 0, { client_msg_id: key }))
  socket?.receive(frame('started', 1))
  for (let seq = 2; seq < 52; seq += 1) socket?.receive(frame('token', seq, { text: 'x' }))
  await expect.poll(() => store.getState().exchanges[0]?.text).toBe('x'.repeat(50))
  expect(notices).toHaveLength(1)
  for (const notify of notices.splice(0)) notify()
  expect(calls - before).toBe(1)
  expect(store.getState().exchanges).toMatchObject([
    { key, turnId: session_id, question: 'Hello', state: 'running' },
  ])
  leave()
  await store.close()
})

test('stop - asked for once, and the exchange says so until its end comes', async () => {
  const { store, opened } = openStore()
  const key = await store.send('Hello')
  await expect.poll(() => opened[0]?.sent.at(-1)?.type).toBe('message')
  opened[0]?.receive(frame('accepted', 0, { client_msg_id: key }))
  opened[0]?.receive(frame('started', 1))
  await expect.poll(() => store.getState().exchanges[0]?.state).toBe('running')
  store.stop(key)
  expect(store.getState().exchanges[0]?.state).toBe('stopping')
  await expect.poll(() => opened[0]?.sent.at(-1)?.type).toBe('cancel')
  opened[0]?.receive(frame('token', 2, { text: 'late' }))
  const counts = {
    iterations: 1,
    tool_calls: 0,
    tokens_input: 1,
    tokens_output: 1,
    tokens_cached: 0,
    cost_usd: 0,
  }
  const times = { duration_ms: 1, first_token_ms: 1, queue_ms: 1 }
  const result = { answer: 'late', model: 'm', stop_reason: 'cancelled', tools_used: [], ...counts, ...times }
  opened[0]?.receive(frame('cancelled', 3, { result }))
  await expect.poll(() => store.getState().exchanges[0]).toMatchObject({ state: 'cancelled', text: 'late' })
  await store.close()
})

test('a server that cannot be reached - closed, with the reason', async () => {
  const fetch = () => Promise.reject(new TypeError('no network'))
  const store = new ChatStore({
    url: 'http://chat.example',
    token: 'x',
    fetch,
    retry: { tries: 1 },
    hasSocketHeaders: false,
  })
  await expect
    .poll(() => store.getState().connection)
    .toMatchObject({ type: 'closed', error: { code: 'connection_failed' } })
})
