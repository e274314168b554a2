import { afterAll, beforeAll, expect, test } from 'vitest'
import { idSchema } from '@omni2/contracts'
import { checkResumeToken } from '../src/resume/resume-token.ts'
import { resumeSecret, startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge

beforeAll(async () => {
  edge = await startEdge()
})

afterAll(() => edge[Symbol.asyncDispose]())

const limit = { kind: 'cost_daily', limit: 5, used: 1, remaining: 4, reset_at: null } as const

test('welcomes a user once, with a conversation of its own, its limits and a resume token', async () => {
  edge.worker.open = () => ({ allowed: true, welcome: 'Good day, Zoë 👋', limits: [limit] })
  using chat = await edge.connect({ assertion: { userId: 7, sid: 'login-7' } })
  const welcome = await chat.next('welcome')
  expect(welcome).toMatchObject({
    protocol: 1,
    text: 'Good day, Zoë 👋',
    limits: [limit],
    edge: 'edge-under-test',
  })
  expect(idSchema.safeParse(welcome.conversation_id).success).toBe(true)
  expect(checkResumeToken(welcome.resume_token, { secret: resumeSecret, now: Date.now() })).toMatchObject({
    valid: true,
    claims: { conversation_id: welcome.conversation_id, user_id: 7 },
  })
  expect(edge.worker.opened.at(-1)).toMatchObject({
    identity: { user_id: 7, sid: 'login-7', username: 'alice', role: 'admin' },
    conversation_id: null,
  })
  expect(await chat.settle()).toEqual([])
})

test('gives every connection another conversation', async () => {
  using one = await edge.connect()
  using two = await edge.connect()
  const [first, second] = [await one.next('welcome'), await two.next('welcome')]
  expect(first.conversation_id).not.toBe(second.conversation_id)
})

test('reopens the conversation that the client names', async () => {
  const id = '0190f3c1-54f0-7c0a-9a52-6d2d1b0c9e11'
  using chat = await edge.connect({ query: `?conversation_id=${id}` })
  expect((await chat.next('welcome')).conversation_id).toBe(id)
  expect(edge.worker.opened.at(-1)?.conversation_id).toBe(id)
})

test('answers a ping of the protocol', async () => {
  using chat = await edge.connect()
  await chat.next('welcome')
  chat.send({ type: 'ping' })
  expect(await chat.next('pong')).toEqual({ type: 'pong' })
})

test("welcomes Node's built-in WebSocket", async () => {
  const assertion = await edge.auth.sign()
  const socket = new WebSocket(edge.url, { headers: { 'x-omni2-identity': assertion } })
  const { promise, resolve } = Promise.withResolvers<string>()
  socket.addEventListener('message', ({ data }) => resolve(String(data)))
  expect(JSON.parse(await promise)).toMatchObject({ type: 'welcome' })
  socket.close()
})
