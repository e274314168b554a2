import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { subjects, type ControlMessage } from '@omni2/contracts'
import { openBus, type Bus } from '@omni2/bus'
import { openLogger } from '@omni2/service-kit'
import { startEdge, type TestEdge } from './start-edge.ts'

let edge: TestEdge
let auth: Bus

beforeAll(async () => {
  edge = await startEdge({ env: { EDGE_RECHECK_INTERVAL_MS: '60000', EDGE_RECHECK_BATCH: '2' } })
  const log = openLogger({ name: 'test', instance: 'test', level: 'silent' })
  const url = edge.nats.urlFor('auth')
  auth = await openBus({ url, user: 'auth', name: 'test', connectDeadlineMs: 5000, log })
})

beforeEach(() => {
  edge.worker.recheck = () => []
  edge.worker.rechecked.length = 0
})

afterAll(async () => {
  await auth[Symbol.asyncDispose]()
  await edge[Symbol.asyncDispose]()
})

async function connect(userId: number, sid = 'login-1') {
  const chat = await edge.connect({ assertion: { userId, sid } })
  await chat.next('welcome')
  return chat
}

const announce = (user_id: number, change: ControlMessage['change'], sid: string | null = null) =>
  auth.publish(subjects.controlOfUser(user_id), JSON.stringify({ user_id, change, sid }))

test("logged out - that login's connections close with 4401 at once, others stay", async () => {
  using ended = await connect(2, 'login-a')
  using busy = await connect(2, 'login-a')
  using other = await connect(2, 'login-b')
  using stranger = await connect(3, 'login-a')
  busy.say('hello')
  await edge.worker.takeTurn()
  await busy.next('accepted')
  announce(2, 'logged_out', 'login-a')
  for (const chat of [ended, busy]) {
    expect(await chat.next('error')).toMatchObject({ code: 'login_revoked' })
    expect(await chat.next('goodbye')).toMatchObject({ code: 4401 })
    expect((await chat.closed).code).toBe(4401)
  }
  for (const chat of [other, stranger]) expect(await chat.settle()).toEqual([])
})

test('logged out everywhere - every connection of the user', async () => {
  using one = await connect(4, 'login-a')
  using two = await connect(4, 'login-b')
  announce(4, 'logged_out')
  for (const chat of [one, two]) expect((await chat.closed).code).toBe(4401)
})

test('kicked - 1008', async () => {
  using chat = await connect(5)
  announce(5, 'kicked')
  expect(await chat.closed).toEqual({ code: 1008, reason: 'Disconnected by an operator' })
})

test('blocked - asked again, reason in a frame, then 1008 with the message', async () => {
  edge.worker.recheck = ({ logins }) =>
    logins.map((login) => ({ ...login, code: 'blocked', message: 'Bitte zahlen' }))
  using chat = await connect(6)
  using other = await connect(7)
  announce(6, 'blocked')
  expect(await chat.next('blocked')).toMatchObject({ message: 'Bitte zahlen' })
  expect(await chat.closed).toEqual({ code: 1008, reason: 'Access blocked: Bitte zahlen' })
  expect(edge.worker.rechecked).toEqual([{ logins: [{ user_id: 6, sid: 'login-1' }] }])
  expect(await other.settle()).toEqual([])
})

test('deactivated - reason in a frame, then 1008', async () => {
  edge.worker.recheck = ({ logins }) =>
    logins.map((login) => ({ ...login, code: 'account_inactive', message: '' }))
  using chat = await connect(8)
  announce(8, 'deactivated')
  expect(await chat.next('error')).toMatchObject({ code: 'account_inactive' })
  expect(await chat.closed).toEqual({ code: 1008, reason: 'Account inactive' })
})

test.each([
  ['blocked', 1],
  ['permissions', 0],
  ['limits', 0],
  ['unblocked', 0],
] as const)('%s, but still allowed to chat - asked %i times, nothing happens', async (change, asked) => {
  using chat = await connect(9)
  announce(9, change)
  announce(9, 'kicked', 'another login')
  auth.publish(subjects.controlOfUser(9), 'not even JSON')
  await auth.flush()
  await expect.poll(() => edge.worker.rechecked).toHaveLength(asked)
  expect(await chat.settle()).toEqual([])
})

test('the next check finds a change whose announcement was lost: each login once, in batches', async () => {
  await using own = await startEdge({ env: { EDGE_RECHECK_INTERVAL_MS: '200', EDGE_RECHECK_BATCH: '2' } })
  const people = [1, 1, 2, 3]
  const chats = await Promise.all(people.map((userId) => own.connect({ assertion: { userId } })))
  for (const chat of chats) await chat.next('welcome')
  await expect.poll(() => own.worker.rechecked.flatMap(({ logins }) => logins).length).toBeGreaterThan(2)
  own.worker.recheck = ({ logins }) =>
    logins
      .filter(({ user_id }) => user_id === 1)
      .map(({ user_id, sid }) => ({ user_id, sid, code: 'login_revoked', message: '' }))
  for (const chat of chats.slice(0, 2)) expect((await chat.closed).code).toBe(4401)
  for (const chat of chats.slice(2)) expect(await chat.settle()).toEqual([])
  for (const { logins } of own.worker.rechecked) {
    expect(logins.length).toBeLessThanOrEqual(2)
    expect(new Set(logins.map(({ user_id }) => user_id)).size).toBe(logins.length)
  }
})
