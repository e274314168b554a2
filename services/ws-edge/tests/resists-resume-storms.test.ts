import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEdge, type TestEdge } from './start-edge.ts'

const atOnce = 8
const storm = 300
let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge({
    env: { EDGE_RESUMES_AT_ONCE: String(atOnce), EDGE_CONNECTIONS_PER_USER: String(2 * storm) },
  })
})

afterAll(() => edge[Symbol.asyncDispose]())

test('300 clients that come back at once - each answered once, few looked up at a time', async () => {
  using first = await edge.connect()
  const { resume_token } = await first.next('welcome')
  first.say('hello')
  const attempt = await edge.worker.takeTurn()
  await first.next('accepted')
  attempt.say('so far')
  const looking = { now: 0, most: 0 }
  await attempt.own(async () => {
    looking.most = Math.max(looking.most, (looking.now += 1))
    await sleep(5)
    looking.now -= 1
    return attempt.snapshot
  })
  using chats = new DisposableStack()
  const clients = await Promise.all(Array.from({ length: storm }, () => edge.connect()))
  for (const chat of clients) {
    chats.use(chat)
    await chat.next('welcome')
  }
  const { session_id } = attempt.turn
  for (const chat of clients) chat.send({ type: 'resume', resume_token, session_id })
  for (const chat of clients) expect(await chat.next('snapshot')).toMatchObject({ text: 'so far' })
  expect([looking.most, looking.now]).toEqual([atOnce, 0])
  attempt.finish()
  for (const chat of [...clients, first]) expect((await chat.until('done')).length).toBeLessThanOrEqual(2)
})
