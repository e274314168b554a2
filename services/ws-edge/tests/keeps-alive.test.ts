import { once } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_PING_INTERVAL_MS: '1000', EDGE_CLOSE_DEADLINE_MS: '200' } })
})

afterAll(() => edge[Symbol.asyncDispose]())

test('a client that answers pings stays', async () => {
  using chat = await edge.connect()
  for (let ping = 0; ping < 3; ping += 1) await once(chat.socket, 'ping')
  expect(chat.socket.readyState).toBe(chat.socket.OPEN)
})

test('a client that does not is closed with 4408', async () => {
  using chat = await edge.connect({ autoPong: false })
  expect((await chat.closed).code).toBe(4408)
})

test('an expired login closes with 4401 between turns, never within one', async () => {
  using chat = await edge.connect({ assertion: { sessionExp: Math.floor(Date.now() / 1000) + 5 } })
  const idle = edge.connect({ assertion: { sessionExp: Math.floor(Date.now() / 1000) + 5 } })
  using idleChat = await idle
  await chat.next('welcome')
  chat.say('a long turn')
  const attempt = await edge.worker.takeTurn()
  await chat.next('accepted')
  await idleChat.next('welcome')
  expect(await idleChat.next('goodbye')).toMatchObject({ code: 4401, resume: true, retry_after_ms: 0 })
  expect((await idleChat.closed).code).toBe(4401)
  chat.say('one more', { client_msg_id: 'late' })
  expect(await chat.settle()).toMatchObject([{ code: 'unavailable', client_msg_id: 'late' }])
  attempt.finish()
  expect(await chat.next('done')).toMatchObject({ session_id: attempt.turn.session_id })
  expect(await chat.next('goodbye')).toMatchObject({ code: 4401 })
  expect((await chat.closed).code).toBe(4401)
})

test('an old connection is asked to reconnect', async () => {
  await using old = await startEdge({ env: { EDGE_MAX_AGE_MS: '3000' } })
  using chat = await old.connect()
  await chat.next('welcome')
  expect(await chat.next('goodbye')).toMatchObject({ code: 1012, resume: true })
  expect((await chat.closed).code).toBe(1012)
})
