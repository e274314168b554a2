import { type OpenReply, requests } from '@omni2/contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorkerWorld, type WorkerWorld } from './worker-world.ts'

let world: WorkerWorld

beforeAll(async () => {
  world = await openWorkerWorld()
  const limits = {
    CONNECTIONS_PER_USER_PER_MINUTE: '3',
    CONNECTIONS_PER_ADDRESS_PER_MINUTE: '5',
    CONNECTIONS_RESUME_FACTOR: '2',
  }
  // Two workers count together, and either may answer.
  await Promise.all([world.startWorker(limits), world.startWorker(limits)])
  await world.database.query(
    `insert into auth_service.users (id, username, name, role_id, active)
      select id, 'user ' || id, 'User', 1, true from generate_series(10, 30) id`,
  )
})
afterAll(() => world[Symbol.asyncDispose]())

const open = (user_id: number, address?: string, conversation_id: string | null = null) => {
  const identity = { ...world.makeTurn('').identity, user_id }
  const request = { identity, conversation_id, ...(address === undefined ? {} : { address }) }
  return world.edge.request(requests.open, request, { timeoutMs: 10_000 })
}

const describe = (reply: OpenReply) => (reply.allowed ? 'allowed' : reply.code)
const tooMany = 'too_many_connections'

async function openTimes(times: number, ask: (time: number) => Promise<OpenReply>): Promise<string[]> {
  const answers: string[] = []
  for (let time = 0; time < times; time += 1) answers.push(describe(await ask(time)))
  return answers
}

test('connections of a user, wherever they come from', async () => {
  const answers = await openTimes(5, (time) => open(10, `192.0.2.${time}`))
  expect(answers).toEqual(['allowed', 'allowed', 'allowed', tooMany, tooMany])
  expect(describe(await open(11, '192.0.2.1'))).toBe('allowed')
})

test('connections of an address, whosever they are; an IPv6 one counts with its /64', async () => {
  const answers = await openTimes(6, (time) => open(12 + time, `2001:db8::${time}`))
  expect(answers).toEqual([...Array(5).fill('allowed'), tooMany])
  expect(describe(await open(18, '2001:db8:0:1::1'))).toBe('allowed')
  expect(describe(await open(19))).toBe('allowed')
})

test('refused connections of one user do not count for the address, also those that continue a conversation', async () => {
  const turn = world.makeTurn('Hello')
  const identity = { ...turn.identity, user_id: 24 }
  await (
    await world.send({ ...turn, identity })
  ).ended
  await openTimes(12, () => open(23, '192.0.2.200'))
  expect(await openTimes(2, (time) => open(25 + time, '192.0.2.200'))).toEqual(['allowed', 'allowed'])
  await openTimes(6, () => open(24, '192.0.2.201', turn.conversation_id))
  expect(await openTimes(2, (time) => open(27 + time, '192.0.2.201'))).toEqual(['allowed', 'allowed'])
})

test('simultaneous connections are limited too, and get a time to retry', async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => open(20)))
  const refused = replies.filter((reply) => !reply.allowed)
  expect(refused).toHaveLength(17)
  for (const reply of refused)
    expect(reply).toMatchObject({ code: tooMany, retry_after_ms: expect.any(Number) })
})

test('connections that continue a conversation of their user have a higher limit', async () => {
  const turn = world.makeTurn('Hello')
  const identity = { ...turn.identity, user_id: 21 }
  await (
    await world.send({ ...turn, identity })
  ).ended
  await openTimes(3, () => open(21))
  expect(await openTimes(4, () => open(21, undefined, turn.conversation_id))).toEqual([
    ...Array(3).fill('allowed'),
    tooMany,
  ])
  await openTimes(3, () => open(22))
  expect(describe(await open(22, undefined, turn.conversation_id))).toBe('not_found')
})
