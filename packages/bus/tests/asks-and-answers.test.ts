import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeConversationId, requests, subjects, controlMessageSchema } from '@omni2/contracts'
import { openTestNats, type TestNats } from '@omni2/testkit'
import { AnswerTimeoutError, type Bus } from '../src/index.ts'
import { openUserBus } from './open-user-bus.ts'

let nats: TestNats
let worker: Bus
let edge: Bus
let operator: Bus

beforeAll(async () => {
  nats = await openTestNats()
  worker = await openUserBus(nats, 'chat-worker')
  edge = await openUserBus(nats, 'ws-edge')
  operator = await openUserBus(nats, 'console')
})
afterAll(async () => {
  for (const bus of [operator, edge, worker]) await bus[Symbol.asyncDispose]()
  await nats[Symbol.asyncDispose]()
})

test('of a group one member answers', async () => {
  const heard: string[] = []
  for (const name of ['one', 'other'])
    worker.answer(requests.tools, async ({ server }) => {
      heard.push(server)
      return { tools: [name], reason: null }
    })
  await worker.flush()
  const { tools } = await operator.request(requests.tools, { server: 'files' }, { timeoutMs: 5000 })
  expect(['one', 'other']).toContain(tools[0])
  await worker.flush()
  expect(heard).toEqual(['files'])
})

test('a group with a frozen member answers every request', async () => {
  const request = { user_id: 7, session_id: makeConversationId() }
  let unanswered = 0
  worker.answer(requests.result, () => {
    unanswered += 1
    return new Promise(() => {})
  })
  for (let member = 0; member < 3; member += 1)
    worker.answer(requests.result, async () => ({ state: 'unknown' as const }))
  await worker.flush()
  const asks = Array.from({ length: 20 }, () => edge.request(requests.result, request, { timeoutMs: 20_000 }))
  expect(await Promise.all(asks)).toEqual(asks.map(() => ({ state: 'unknown' })))
  expect(unanswered).toBeGreaterThan(0)
})

test('a group of frozen members gives no answer, at the deadline', async () => {
  worker.answer(requests.recheck, () => new Promise(() => {}))
  await worker.flush()
  const asked = edge.request(requests.recheck, { logins: [] }, { timeoutMs: 1000 })
  await expect(asked).rejects.toThrow(AnswerTimeoutError)
})

test('a request that cannot be read is not answered; the next one is', async () => {
  const id = makeConversationId()
  const { alive } = requests.owner
  worker.answer(alive(id), async ({ user_id }) => ({ attempt: user_id, worker: 'one' }))
  await worker.flush()
  const stranger = { user_id: -1 }
  await expect(edge.request(alive(id), stranger, { timeoutMs: 200 })).rejects.toThrow(AnswerTimeoutError)
  expect(await edge.request(alive(id), { user_id: 7 }, { timeoutMs: 5000 })).toEqual({
    attempt: 7,
    worker: 'one',
  })
})

test('an answer that is not of its request is refused', async () => {
  const id = makeConversationId()
  const { cancel, snapshot } = requests.owner
  worker.answer({ ...cancel(id), reply: snapshot(id).reply }, async () => ({
    known: true,
    attempt: 1,
    seq: 0,
    text: '',
  }))
  await worker.flush()
  await expect(edge.request(cancel(id), { user_id: 7 }, { timeoutMs: 5000 })).rejects.toThrow(/unrecognized/i)
})

test('hears what can be read; what cannot be read or used is passed over', async () => {
  const heard: string[] = []
  const last = Promise.withResolvers<void>()
  worker.hear(subjects.controlOfUsers, controlMessageSchema, async ({ change }) => {
    heard.push(change)
    if (change === 'limits') throw new Error('not usable')
    last.resolve()
  })
  await worker.flush()
  const subject = subjects.controlOfUser(7)
  for (const text of ['{', '{"user_id":7}', JSON.stringify({ user_id: 7, change: 'limits', sid: null })])
    operator.publish(subject, text)
  operator.publish(subject, JSON.stringify({ user_id: 7, change: 'blocked', sid: null }))
  await last.promise
  expect(heard).toEqual(['limits', 'blocked'])
})
