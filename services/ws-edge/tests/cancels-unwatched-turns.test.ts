import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Chat } from './chat.ts'
import type { Attempt } from './scripted-worker.ts'
import { say } from './sse-stream.ts'
import { startEdge, type TestEdge } from './start-edge.ts'

type Edge = Pick<TestEdge, 'connect'>

let edge: TestEdge
let sibling: Awaited<ReturnType<TestEdge['startSibling']>>

beforeAll(async () => {
  edge = await startEdge({ env: { ON_LAST_VIEWER_GONE: 'cancel-after:200ms' } })
  sibling = await edge.startSibling()
})

/** Turns of earlier tests: of two edges that a turn is left at, the second may cancel it late. */
const earlier = new Set<string>()
const begun: string[] = []

afterEach(() => {
  edge.worker.cancelled.length = 0
  for (const turnId of begun.splice(0)) earlier.add(turnId)
})

afterAll(() => edge[Symbol.asyncDispose]())

/** A running turn, watched by its sender. */
async function begin(at: Edge = edge): Promise<{ chat: Chat; attempt: Attempt }> {
  const chat = await at.connect()
  await chat.next('welcome')
  chat.say('hello')
  const attempt = await edge.worker.takeTurn()
  begun.push(attempt.turn.session_id)
  await chat.next('accepted')
  return { chat, attempt }
}

/** Another viewer of a turn, to whom its first piece is shown. */
async function view(attempt: Attempt, at: Edge): Promise<Chat> {
  const chat = await at.connect({ query: `?conversation_id=${attempt.turn.conversation_id}` })
  await chat.next('welcome')
  attempt.say('so far')
  await chat.next('token')
  return chat
}

const cancelled = () =>
  edge.worker.cancelled.flatMap(({ session_id }) => (earlier.has(session_id) ? [] : [session_id]))

/** A turn that is left now is cancelled after those that were left here before. */
async function outwait(): Promise<string> {
  const { chat, attempt } = await begin()
  chat[Symbol.dispose]()
  const { session_id } = attempt.turn
  await expect.poll(cancelled).toContain(session_id)
  return session_id
}

test('a turn whose only viewer has gone is cancelled in its user’s name', async () => {
  const { chat, attempt } = await begin()
  chat[Symbol.dispose]()
  await expect.poll(cancelled).toHaveLength(1)
  const { session_id } = attempt.turn
  expect(edge.worker.cancelled).toEqual([{ session_id, user_id: 1, by: 'last_viewer_gone', accepted: false }])
})

test('so is one that is asked for over SSE', async () => {
  const asking = say(edge, 'hello')
  const attempt = await edge.worker.takeTurn()
  attempt.send('started')
  const stream = await asking
  stream[Symbol.dispose]()
  await expect.poll(cancelled).toEqual([attempt.turn.session_id])
})

test('a viewer at another edge keeps it; once that one has gone too, its edge cancels it', async () => {
  const { chat, attempt } = await begin()
  const viewer = await view(attempt, sibling)
  chat[Symbol.dispose]()
  expect(cancelled()).toEqual([])
  const other = await outwait()
  expect(cancelled()).toEqual([other])
  viewer[Symbol.dispose]()
  await expect.poll(cancelled).toEqual([other, attempt.turn.session_id])
})

test('viewers that leave two edges at once leave no viewer', async () => {
  const { chat, attempt } = await begin()
  const viewer = await view(attempt, sibling)
  chat[Symbol.dispose]()
  viewer[Symbol.dispose]()
  const { session_id } = attempt.turn
  await expect.poll(cancelled).toContain(session_id)
  expect(new Set(cancelled())).toEqual(new Set([session_id]))
})

test('a turn that has ended is not cancelled', async () => {
  const { chat, attempt } = await begin()
  attempt.finish()
  await chat.until('done')
  chat[Symbol.dispose]()
  const other = await outwait()
  expect(cancelled()).toEqual([other])
})

test('a viewer that a stopping edge sends away has not left', async () => {
  const leaving = await edge.startSibling()
  const { chat, attempt } = await begin(leaving)
  leaving.service.kill('SIGTERM')
  expect((await chat.closed).code).toBe(1012)
  await leaving.service.exited
  await outwait()
  expect(cancelled()).not.toContain(attempt.turn.session_id)
})
