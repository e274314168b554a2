import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

// Silence alone would heal nothing within these tests.
beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_SILENCE_MS: '600000', EDGE_ASK_AGAIN_MS: '200' } })
})

beforeEach(() => {
  edge.worker.result = edge.worker.readEnd
})

afterAll(() => edge[Symbol.asyncDispose]())

async function startTurn() {
  const chat = await edge.connect()
  await chat.next('welcome')
  chat.say('hello')
  const attempt = await edge.worker.takeTurn()
  await chat.next('accepted')
  return { chat, attempt, [Symbol.dispose]: () => chat[Symbol.dispose]() }
}

test('text and end that were lost while NATS was away come from the row after its return', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  attempt.say('before ')
  await chat.next('token')
  await edge.nats.stop()
  attempt.lose('token', { text: 'during' })
  const frame = attempt.loseEnd()
  edge.worker.result = () => ({ state: 'ended', frame })
  await edge.nats.restart()
  expect(await chat.next('snapshot')).toMatchObject({ attempt: 1, seq: 2, text: 'before during' })
  expect(String(await chat.nextBytes())).toBe(frame)
  chat.say('and again')
  expect((await edge.worker.takeTurn()).turn.text).toBe('and again')
})

test('text that was lost while NATS was away comes as a snapshot after its return', async () => {
  using turn = await startTurn()
  const { chat, attempt } = turn
  await attempt.own()
  attempt.say('before ')
  await chat.next('token')
  await edge.nats.stop()
  attempt.lose('token', { text: 'during ' })
  await edge.nats.restart()
  const snapshot = await chat.next('snapshot')
  expect(snapshot).toMatchObject({ seq: 2, text: 'before during ' })
  attempt.say('after')
  expect(await chat.next('token')).toMatchObject({ seq: 3, text: 'after' })
})
