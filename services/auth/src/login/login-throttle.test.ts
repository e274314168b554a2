import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRates, type Rates } from '@omni2/rates'
import { RetryableError } from '@omni2/service-kit'
import { AccessRefused } from '../access-refused.ts'
import { openLoginCounters, type LoginCounters } from './login-counters.ts'
import { throttleLogin } from './login-throttle.ts'

const log = { info: () => {}, warn: () => {} }
let rates: Rates
let counters: LoginCounters

beforeEach(async () => {
  rates = await openRates({ redisUrl: undefined, log })
  const limits = { failuresPerAccount: 3, failuresPerAddress: 5, windowSeconds: 60 }
  counters = openLoginCounters(limits, rates)
})
afterEach(() => rates[Symbol.asyncDispose]())

const attempt = (account: string, address: string, logIn: () => Promise<string>) =>
  throttleLogin({ account, address }, logIn, { counters }).catch((error: { code: string }) => error.code)
const right = () => Promise.resolve('in')
const wrong = () => Promise.reject(new AccessRefused('bad_credentials'))
const broken = () => Promise.reject(Object.assign(new Error('database away'), { code: 'broken' }))
const busy = () => Promise.reject(new RetryableError('busy', 'Too many logins at once.'))
const [here, there] = ['203.0.113.1', '198.51.100.1']

async function failTimes(times: number, account: string, address: string): Promise<string[]> {
  const codes: string[] = []
  for (let time = 0; time < times; time++) codes.push(await attempt(account, address, wrong))
  return codes
}

test('an account has so many wrong passwords from everywhere together, then not even the right one helps', async () => {
  expect(await failTimes(2, 'ada', here)).toEqual(['bad_credentials', 'bad_credentials'])
  expect(await failTimes(2, 'ada', there)).toEqual(['bad_credentials', 'too_many_logins'])
  expect(await attempt('ada', here, right)).toBe('too_many_logins')
  expect(await attempt('bob', here, right)).toBe('in')
})

test('parallel guesses are counted before they are compared', async () => {
  const codes = await Promise.all(Array.from({ length: 20 }, () => attempt('ada', here, wrong)))
  expect(codes.filter((code) => code === 'bad_credentials')).toHaveLength(3)
})

test('an address has so many for all accounts together; one account’s alone never use them up', async () => {
  await failTimes(50, 'ada', here)
  expect(await attempt('bob', here, right)).toBe('in')
  for (const account of ['c', 'd']) await failTimes(1, account, here)
  expect(await attempt('e', here, right)).toBe('too_many_logins')
  expect(await attempt('e', there, right)).toBe('in')
})

test('an account at home at an address is not locked out from elsewhere, nor by its neighbours', async () => {
  expect(await attempt('ada', here, right)).toBe('in')
  await failTimes(10, 'ada', there)
  for (const account of ['c', 'd', 'e', 'f', 'g', 'h']) await failTimes(1, account, here)
  expect(await attempt('g', here, right)).toBe('too_many_logins')
  expect(await attempt('ada', here, right)).toBe('in')
  expect(await failTimes(4, 'ada', here)).toEqual([...Array(3).fill('bad_credentials'), 'too_many_logins'])
})

test('right passwords and failures of ours use nothing up', async () => {
  for (let time = 0; time < 10; time++) {
    expect(await attempt('ada', here, right)).toBe('in')
    expect(await attempt('bob', here, broken)).toBe('broken')
  }
  expect(await attempt('bob', here, right)).toBe('in')
})

test('an attempt that finds the queue full counts against its address, and is no guess at the account', async () => {
  const codes: string[] = []
  for (let time = 0; time < 6; time++) codes.push(await attempt('ada', here, busy))
  expect(codes).toEqual([...Array(5).fill('busy'), 'too_many_logins'])
  expect(await attempt('bob', here, right)).toBe('too_many_logins')
  expect(await attempt('ada', there, right)).toBe('in')
})

test('an IPv6 address counts with its /64', async () => {
  const neighbours = [
    '2001:db8::1',
    '2001:DB8:0:0::2',
    '2001:db8:0:0:ffff::',
    '2001:0db8::3:4',
    '2001:db8::5',
  ]
  for (const [index, address] of neighbours.entries()) await failTimes(1, `account ${index}`, address)
  expect(await attempt('ada', '2001:db8::6', right)).toBe('too_many_logins')
  expect(await attempt('ada', '2001:db8:0:1::6', right)).toBe('in')
})

test('says when to come back', async () => {
  await failTimes(3, 'ada', here)
  const refused = throttleLogin({ account: 'ada', address: here }, right, { counters })
  await expect(refused).rejects.toMatchObject({ scope: 'account', retryAfterMs: expect.any(Number) })
})
