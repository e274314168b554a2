import { openRates, type Rates } from '@omni2/rates'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRequestCounter, type RequestCounter } from './count-requests.ts'

let rates: Rates
let requests: RequestCounter

beforeEach(async () => {
  rates = await openRates({ redisUrl: undefined, log: { info: () => {}, warn: () => {} } })
  requests = openRequestCounter(rates)
})
afterEach(() => rates[Symbol.asyncDispose]())

const identity = { user_id: 2, username: 'ada', role: 'viewer', sid: 'login', session_exp: 0 }

async function count(session_id: string, redelivered = false): Promise<number> {
  const { used, resetAt } = await requests.count({ session_id, identity }, redelivered)
  expect(resetAt.getTime()).toBeGreaterThanOrEqual(Date.now() - 1)
  return used
}

test('each turn of a user sees those before it', async () => {
  expect([await count('one'), await count('two'), await count('three')]).toEqual([0, 1, 2])
})

test('a turn that is delivered again keeps its place and is not counted twice', async () => {
  await count('one')
  await count('two')
  expect(await count('one', true)).toBe(0)
  expect(await count('two', true)).toBe(1)
  expect(await count('three')).toBe(2)
})

test('a turn whose first delivery was never counted is counted when it comes again', async () => {
  expect(await count('one', true)).toBe(0)
  expect(await count('two')).toBe(1)
})
