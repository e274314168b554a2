import { afterAll, beforeAll, expect, test } from 'vitest'
import { say } from './sse-stream.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge()
})

afterAll(() => edge[Symbol.asyncDispose]())

/** Turns that were ever stored. */
async function countTurns(): Promise<number> {
  const manager = await edge.worker.bus.openManager()
  return (await manager.streams.info('CHAT_TURNS')).state.last_seq
}

test('a user over the rate - is refused here, on sockets and SSE, and nothing of it is stored', async () => {
  using chat = await edge.connect({ assertion: { userId: 2 } })
  await chat.next('welcome')
  chat.say('one too many')
  const refused = await edge.worker.takeTurn()
  const fields = { error: 'Too many.', code: 'rate_limited', limit: 3, used: 4, retry_after_ms: 60_000 }
  refused.send('error', fields)
  await chat.next('accepted')
  expect(await chat.next('error')).toMatchObject({ code: 'rate_limited', attempt: 1 })

  const stored = await countTurns()
  const long = 'x'.repeat(31_000)
  for (let turn = 0; turn < 16; turn += 1) {
    chat.say(long, { client_msg_id: `m${turn}` })
    expect(await chat.next('error')).toMatchObject({
      code: 'rate_limited',
      attempt: 0,
      client_msg_id: `m${turn}`,
      error: 'Too many.',
      limit: 3,
      retry_after_ms: expect.any(Number),
    })
  }
  using asked = await say(edge, long, { userId: 2 })
  expect(await asked.refusal()).toMatchObject({ code: 'rate_limited', error: 'Too many.' })
  const { headers } = asked.response
  expect([asked.status, headers['x-ratelimit-limit']]).toEqual([429, '3'])
  expect(Number(headers['retry-after'])).toBeGreaterThan(0)
  expect(await countTurns()).toBe(stored)

  using other = await edge.connect({ assertion: { userId: 3 } })
  await other.next('welcome')
  other.say('hello')
  const admitted = await edge.worker.takeTurn()
  admitted.finish()
  await other.next('accepted')
  await other.next('done')
})
