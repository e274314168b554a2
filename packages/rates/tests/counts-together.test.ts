import { openFaultProxy, openTestRedis, type FaultProxy, type TestRedis } from '@omni2/testkit'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openRates, type Rates } from '../src/index.ts'

let redis: TestRedis
let proxy: FaultProxy
/** The same Redis by way of the proxy. */
let proxied: string

beforeAll(async () => {
  redis = await openTestRedis()
  proxy = await openFaultProxy({ targetPort: Number(new URL(redis.url).port) })
  const url = new URL(redis.url)
  url.host = `127.0.0.1:${proxy.port}`
  proxied = url.href
})

afterAll(async () => {
  await proxy[Symbol.asyncDispose]()
  await redis[Symbol.asyncDispose]()
})

let logged: string[] = []
beforeEach(() => {
  logged = []
})

const log = {
  info: (message: string) => void logged.push(message),
  warn: (_fields: object, message: string) => void logged.push(message),
} as never

const away = 'redis away: rates are counted in this process'
const back = 'redis back: rates are counted together'

const open = (redisUrl: string | undefined = redis.url) => openRates({ redisUrl, log })
const minutely = (rates: Rates, name: string) => rates.openCounter({ name, windowSeconds: 60 })

/** Resolves at the next change to a state. */
const becomes = (rates: Rates, wanted: Rates['state']) =>
  new Promise<void>((resolve) => rates.onStateChange((state) => state === wanted && resolve()))

test('two processes count together from the first count on, and keys contain no user', async () => {
  await using one = await open()
  await using two = await open()
  expect([one.state, two.state, logged]).toEqual(['together', 'together', []])
  const [first, second] = [minutely(one, 'logins'), minutely(two, 'logins')]
  expect(await first.add('alice')).toEqual({ used: 1, resetMs: expect.any(Number) })
  expect((await second.add('alice')).used).toBe(2)
  expect((await second.add('bob')).used).toBe(1)
  await first.takeBack('alice')
  expect((await second.find('alice'))?.used).toBe(1)
  await second.forget('alice')
  expect(await first.find('alice')).toBeUndefined()
  await first.set('carol', 7, 60)
  expect((await second.find('carol'))?.used).toBe(7)
  const client = new Redis(redis.url)
  const keys = await client.keys('*')
  client.disconnect()
  expect(keys.filter((key) => key.startsWith('logins:'))).toHaveLength(2)
  expect(keys.join('\n')).not.toMatch(/alice|bob|carol/)
})

test('a window ends so long after its first count', async () => {
  await using rates = await open()
  const { resetMs } = await minutely(rates, 'windows').add('key')
  expect(resetMs).toBeGreaterThan(0)
  expect(resetMs).toBeLessThanOrEqual(60_000)
  const short = rates.openCounter({ name: 'short windows', windowSeconds: 1 })
  await short.add('key')
  await expect.poll(() => short.find('key')).toBeUndefined()
  expect((await short.add('key')).used).toBe(1)
})

test('without Redis a process counts for itself and says nothing', async () => {
  await using rates = await openRates({ redisUrl: undefined, log })
  const counter = minutely(rates, 'alone')
  await counter.add('key')
  expect((await counter.add('key')).used).toBe(2)
  expect([rates.state, logged]).toEqual(['alone', []])
})

test('a Redis that is not there is said once', async () => {
  await using rates = await open('redis://127.0.0.1:1')
  expect([rates.state, logged]).toEqual(['alone', [away]])
  const counter = minutely(rates, 'absent')
  for (const used of [1, 2, 3]) expect((await counter.add('key')).used).toBe(used)
  expect(logged).toEqual([away])
})

test('a Redis that is lost is counted without, and comes back by itself', async () => {
  await using rates = await open(proxied)
  const counter = minutely(rates, 'restarts')
  await counter.add('key')
  await counter.add('key')
  const lost = becomes(rates, 'alone')
  proxy.stall()
  proxy.dropAll()
  await lost
  expect((await counter.add('key')).used).toBe(1)
  const returned = becomes(rates, 'together')
  proxy.resume()
  proxy.dropAll()
  await returned
  expect((await counter.add('key')).used).toBe(3)
  expect(logged).toEqual([away, back])
})

test('a Redis that hangs is given up, and is not waited for again before it answers', async () => {
  await using rates = await open(proxied)
  const counter = minutely(rates, 'hangs')
  await counter.add('key')
  const given = becomes(rates, 'alone')
  proxy.stall()
  expect((await counter.add('key')).used).toBe(1)
  await given
  for (let used = 2; used <= 50; used += 1) expect((await counter.add('key')).used).toBe(used)
  expect(rates.state).toBe('alone')
  const returned = becomes(rates, 'together')
  proxy.resume()
  await returned
  expect((await counter.find('key'))?.used).toBeGreaterThanOrEqual(1)
  expect(logged).toEqual([away, back])
})

test('a Redis that hangs from the start is opened without', async () => {
  proxy.stall()
  await using rates = await open(proxied)
  expect([rates.state, logged]).toEqual(['alone', [away]])
  const returned = becomes(rates, 'together')
  proxy.resume()
  await returned
  expect(logged).toEqual([away, back])
})
