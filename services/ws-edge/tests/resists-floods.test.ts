import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({
    env: { EDGE_FRAMES_PER_SECOND: '1', EDGE_FRAMES_BURST: '10', EDGE_FRAMES_REFUSED: '5' },
  })
})

afterAll(() => edge[Symbol.asyncDispose]())

test('frames above the rate are refused, and going on closes with 4429', async () => {
  using chat = await edge.connect()
  await chat.next('welcome')
  for (let frame = 0; frame < 15; frame += 1) chat.send({ type: 'ping' })
  for (let pong = 0; pong < 10; pong += 1) await chat.next('pong')
  for (let refused = 0; refused < 5; refused += 1)
    expect(await chat.next('error')).toMatchObject({
      code: 'too_many_frames',
      retry_after_ms: expect.any(Number),
    })
  chat.send({ type: 'ping' })
  expect(await chat.next('goodbye')).toMatchObject({ code: 4429 })
  expect((await chat.closed).code).toBe(4429)
})

test('10,000 frames at once, pings of WebSocket too, close only their own connection', async () => {
  using victim = await edge.connect({ assertion: { userId: 2 } })
  await victim.next('welcome')
  victim.say('a turn meanwhile')
  const attempt = await edge.worker.takeTurn()
  using framing = await edge.connect()
  using pinging = await edge.connect()
  for (let frame = 0; frame < 10_000; frame += 1) {
    framing.send('not even JSON')
    pinging.socket.ping()
  }
  attempt.say('undisturbed')
  attempt.finish()
  expect((await victim.until('done')).map(({ type }) => type)).toEqual(['accepted', 'token', 'done'])
  expect((await framing.closed).code).toBe(4429)
  expect((await pinging.closed).code).toBe(4429)
  expect(victim.socket.readyState).toBe(victim.socket.OPEN)
})
