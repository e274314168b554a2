import { streams } from '@omni2/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { asOperator, limitTurns } from './limit-turns.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge()
})

afterAll(() => edge[Symbol.asyncDispose]())

test('a message that the full queue refuses is answered unavailable, and the next one runs', async () => {
  using chat = await edge.connect()
  await chat.next('welcome')
  await limitTurns(edge, 1)
  chat.say('no room', { client_msg_id: 'm1' })
  expect(await chat.next('error')).toMatchObject({
    code: 'unavailable',
    client_msg_id: 'm1',
    attempt: 0,
    retry_after_ms: expect.any(Number),
  })
  await limitTurns(edge, streams.CHAT_TURNS.max_bytes)
  chat.say('no room', { client_msg_id: 'm1' })
  expect(await chat.next('accepted')).toMatchObject({ client_msg_id: 'm1' })
  const attempt = await edge.worker.takeTurn()
  attempt.finish()
  await chat.next('done')
})

test('a message without acknowledgement is answered accept_unknown, and stays one turn when sent again', async () => {
  using chat = await edge.connect()
  await chat.next('welcome')
  await edge.nats.stop()
  chat.say('hello', { client_msg_id: 'm1' })
  const error = await chat.next('error')
  expect(error).toMatchObject({ code: 'accept_unknown', client_msg_id: 'm1', attempt: 0, seq: 0 })
  await edge.nats.restart()
  await expect.poll(edge.isReady, { timeout: 10_000 }).toBe(true)
  chat.say('hello', { client_msg_id: 'm1' })
  const accepted = await chat.next('accepted')
  expect(accepted.session_id).toBe(error.session_id)
  const attempt = await edge.worker.takeTurn()
  expect(attempt.turn.session_id).toBe(error.session_id)
  attempt.finish()
  await chat.next('done')
})

test('a queue that is gone - not ready, messages are answered accept_unknown, until it is there again', async () => {
  using chat = await edge.connect()
  await chat.next('welcome')
  await asOperator(edge, (manager) => manager.streams.delete('CHAT_TURNS'))
  chat.say('hello', { client_msg_id: 'gone' })
  expect(await chat.next('error')).toMatchObject({ code: 'accept_unknown', client_msg_id: 'gone' })
  await expect.poll(edge.isReady).toBe(false)
  await edge.worker.makeStreams()
  await expect.poll(edge.isReady).toBe(true)
  chat.say('hello', { client_msg_id: 'gone' })
  await chat.next('accepted')
  const attempt = await edge.worker.takeTurn()
  attempt.finish()
  await chat.next('done')
})
