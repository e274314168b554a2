import { openTestRedis, type TestRedis } from '@omni2/testkit'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addUser, postLogin, readRefusal, startAuth } from './start-auth.ts'

const limits = {
  AUTH_LOGIN_FAILURES_PER_ACCOUNT: '3',
  AUTH_LOGIN_FAILURES_PER_ADDRESS: '8',
  AUTH_PASSWORD_QUEUE: '100',
}
let redis: TestRedis
let auth: Awaited<ReturnType<typeof startAuth>>

beforeAll(async () => {
  redis = await openTestRedis()
  auth = await startAuth({ ...limits, REDIS_URL: redis.url })
  for (const username of ['alice', 'bob', 'carol', 'dave']) await addUser(auth.database, { username })
})

afterAll(async () => {
  await auth[Symbol.asyncDispose]()
  await redis[Symbol.asyncDispose]()
})

const logInFrom = (address: string, username: string, password = 'correct horse', { url } = auth) =>
  readRefusal(postLogin(url, username, password, { 'x-forwarded-for': address }))
const success = [200, undefined]
const wrong = [401, 'bad_credentials']
const throttled = [429, 'too_many_logins']

test('guessing at one account ends with 429, known or not, and disturbs no other user at that address', async () => {
  for (const username of ['alice', 'stranger']) {
    const answers = []
    for (let guess = 0; guess < 5; guess++) answers.push(await logInFrom('203.0.113.1', username, `${guess}`))
    expect(answers).toEqual([wrong, wrong, wrong, throttled, throttled])
  }
  expect(await logInFrom('203.0.113.1', 'alice')).toEqual(throttled)
  expect(await logInFrom('203.0.113.1', 'bob')).toEqual(success)
})

test('guesses at the name and at the e-mail address of an account count together', async () => {
  await addUser(auth.database, { username: 'erin', email: 'erin@example.org' })
  const answers = []
  for (const login of ['erin', 'erin@example.org', 'erin', 'erin@example.org'])
    answers.push(await logInFrom('203.0.113.5', login, 'x'))
  expect(answers).toEqual([wrong, wrong, wrong, throttled])
  expect(await logInFrom('203.0.113.6', 'erin')).toEqual(throttled)
})

test('an address that fills its part of the queue leaves room for others, and ends at its limit', async () => {
  await using small = await startAuth({
    ...limits,
    AUTH_PASSWORD_QUEUE: '4',
    DATABASE_URL: auth.database.url,
  })
  const flood = await Promise.all(
    Array.from({ length: 8 }, (_, guess) => logInFrom('192.0.2.60', `flood ${guess}`, 'x', small)),
  )
  expect(new Set(flood.map(([status]) => status))).toEqual(new Set([401, 503]))
  expect(await logInFrom('192.0.2.60', 'bob', 'x', small)).toEqual(throttled)
  expect(await logInFrom('192.0.2.61', 'bob', 'correct horse', small)).toEqual(success)
})

test('the answer says when to come back, and the same of an account that does not exist', async () => {
  const answers = []
  for (const username of ['alice', 'stranger']) {
    const response = await postLogin(auth.url, username, 'x', { 'x-forwarded-for': '203.0.113.1' })
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(Number(response.headers.get('retry-after'))).toBeLessThanOrEqual(900)
    answers.push([response.status, await response.json()])
  }
  expect(answers[0]).toEqual(answers[1])
})

test('guesses from many addresses count together, but not where the account has logged in before', async () => {
  expect(await logInFrom('198.51.100.1', 'carol')).toEqual(success)
  for (let guess = 0; guess < 3; guess++)
    expect(await logInFrom(`198.51.100.${10 + guess}`, 'carol', 'x')).toEqual(wrong)
  expect(await logInFrom('198.51.100.20', 'carol')).toEqual(throttled)
  expect(await logInFrom('198.51.100.1', 'carol')).toEqual(success)
})

test('one password for many accounts ends with 429 for that address, not for others', async () => {
  const answers = []
  for (let guess = 0; guess < 10; guess++) answers.push(await logInFrom('192.0.2.1', `user ${guess}`, 'x'))
  expect(answers.map(([status]) => status)).toEqual([...Array<number>(8).fill(401), 429, 429])
  expect(await logInFrom('192.0.2.1', 'dave')).toEqual(throttled)
  expect(await logInFrom('192.0.2.2', 'dave')).toEqual(success)
})

test('fifty guesses at once are no more than three', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, guess) => logInFrom('192.0.2.50', 'target', `${guess}`)),
  )
  expect(answers.filter(([status]) => status === 401)).toHaveLength(3)
  expect(answers.filter(([status]) => status === 429)).toHaveLength(47)
})

test('an address that a client adds in front is ignored', async () => {
  for (let guess = 0; guess < 8; guess++)
    expect(await logInFrom(`8.8.8.${guess}, 192.0.2.70`, `spoofer ${guess}`, 'x')).toEqual(wrong)
  expect(await logInFrom('9.9.9.9, 192.0.2.70', 'bob')).toEqual(throttled)
})

test('replicas count together, and names stay out of Redis', async () => {
  await using other = await startAuth({ ...limits, DATABASE_URL: auth.database.url, REDIS_URL: redis.url })
  expect(await logInFrom('203.0.113.1', 'alice', 'correct horse', other)).toEqual(throttled)
  const client = new Redis(redis.url)
  const keys = await client.keys('*')
  client.disconnect()
  expect(keys.length).toBeGreaterThan(0)
  expect(keys.join('\n')).not.toMatch(/alice|stranger|carol/)
})

test('without Redis, and while it is away, each process counts for itself', async () => {
  for (const env of [limits, { ...limits, REDIS_URL: 'redis://127.0.0.1:1' }]) {
    await using alone = await startAuth(env)
    await addUser(alone.database)
    const answers = []
    for (let guess = 0; guess < 4; guess++)
      answers.push(await logInFrom('192.0.2.90', 'alice', 'x', { ...alone }))
    expect(answers).toEqual([wrong, wrong, wrong, throttled])
  }
})

test('no password or name reaches the log', () => {
  const printed = auth.service.log.lines().join('\n')
  expect(printed).toContain('login throttled')
  expect(printed).not.toMatch(/correct horse|alice|carol/)
})
